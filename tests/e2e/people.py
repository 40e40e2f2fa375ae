"""Names of the test office, without Django: the server fills its database with them, tests log in as them."""

from typing import Final

PASSWORD: Final = "office-2-demo"
DEPARTMENTS: Final = ("Продажи", "Поддержка", "Бухгалтерия", "Склад")
LAST: Final = (
    *("Абрамова", "Белов", "Виноградова", "Гусев", "Дмитриева", "Егоров", "Жукова", "Зайцев", "Ильина", "Климов"),
    *("Лебедева", "Морозов", "Никитина", "Орлов", "Павлова", "Рябов", "Соколова", "Тихонов", "Ушакова", "Фролов"),
)
FIRST: Final = ("Анна", "Борис", "Вера", "Глеб", "Дарья", "Егор", "Жанна", "Захар", "Инна", "Кирилл", "Лидия")
