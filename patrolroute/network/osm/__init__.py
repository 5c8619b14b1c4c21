"""Reading OpenStreetMap: tags, files of every form, downloads, and ways simplified into a network."""
