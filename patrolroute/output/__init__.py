"""What people hold in their hands: files, tables, pictures and words."""
