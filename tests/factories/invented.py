"""What the factories draw on: names, a password, a moment. All invented."""

from datetime import UTC, datetime
from functools import lru_cache

from django.contrib.auth.hashers import make_password

PASSWORD = "Пароль-для-проверок-1"
NOON = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday, noon in Moscow
LAST_NAMES = ("Иванов", "Петров", "Сидоров", "Орлов", "Кузнецов", "Смирнов", "Волков", "Зайцев", "Лебедев", "Соколов")
FIRST_NAMES = ("Пётр", "Иван", "Сергей", "Алексей", "Николай", "Дмитрий", "Андрей")
PATRONYMICS = ("Петрович", "Иванович", "Сергеевич", "Алексеевич", "Николаевич")
COMPANIES = ("Ромашка", "Луч", "Север", "Вектор", "Заря", "Берёза", "Маяк", "Родник", "Гранит")


@lru_cache
def hashed(password: str) -> str:
    """The hash of a password, once a process: it is slow on purpose."""
    return make_password(password)
