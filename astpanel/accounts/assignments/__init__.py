"""«Назначить профиль пользователям»: what it would change, the work itself, its undo and its journal."""
