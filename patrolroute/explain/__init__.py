"""Why a task is short of its visits, what one more would take, and which required tasks conflict."""
