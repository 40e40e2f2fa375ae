"""Who works in the demo office and who calls it. All invented; the numbers are of ranges that nobody has."""

from dataclasses import dataclass
from typing import Final

OFFICE_NUMBER: Final = "74951112233"  # what the outside sees and dials: the queue
SALES_QUEUE: Final = "90"
RING_GROUP: Final = "95"


@dataclass(frozen=True, slots=True)
class Employee:
    """A person with an internal number. `state`: "" at the desk, "off" the phone is not plugged in, "dnd"."""

    number: str
    last_name: str
    first_name: str
    patronymic: str
    department: str
    mobile: str = ""
    state: str = ""
    login: str = ""  # one of the three demo accounts
    sells: bool = False  # member of the sales queue

    @property
    def name(self) -> str:
        """As the phone's display and the CallerID show it."""
        return f"{self.first_name} {self.last_name}"

    @property
    def device(self) -> str:
        """PJSIP/101."""
        return f"PJSIP/{self.number}"


MANAGEMENT, SALES, SUPPORT, ACCOUNTING, WAREHOUSE = (
    "Руководство", "Отдел продаж", "Техподдержка", "Бухгалтерия", "Склад",
)  # fmt: skip
DEPARTMENTS: Final = (MANAGEMENT, SALES, SUPPORT, ACCOUNTING, WAREHOUSE)

EMPLOYEES: Final = (
    Employee("101", "Администраторова", "Алла", "Игоревна", MANAGEMENT, "+79990000101", login="admin"),
    Employee("102", "Операторова", "Ольга", "Петровна", SALES, "+79990000102", login="operator", sells=True),
    Employee("103", "Старшинов", "Степан", "Андреевич", SALES, "+79990000103", login="supervisor"),
    Employee("104", "Белозёров", "Илья", "Сергеевич", SALES, "+79990000104", sells=True),
    Employee("105", "Вьюгина", "Марина", "Олеговна", SALES, "+79990000105", sells=True),
    Employee("106", "Горностаев", "Павел", "Ильич", SALES, "+79990000106", sells=True),
    Employee("107", "Дубравина", "Елена", "Викторовна", SALES, "+79990000107", sells=True),
    Employee("108", "Ежевикин", "Антон", "Павлович", SALES, "+79990000108", state="off"),
    Employee("109", "Журавлёва", "Светлана", "Юрьевна", SUPPORT, "+79990000109"),
    Employee("110", "Зимородков", "Кирилл", "Денисович", SUPPORT, "+79990000110"),
    Employee("111", "Ивушкина", "Дарья", "Романовна", SUPPORT, "+79990000111", state="dnd"),
    Employee("112", "Калинкин", "Роман", "Евгеньевич", SUPPORT, "+79990000112"),
    Employee("113", "Лебединская", "Вера", "Николаевна", ACCOUNTING, "+79990000113"),
    Employee("114", "Морошкина", "Татьяна", "Львовна", ACCOUNTING, "+79990000114"),
    Employee("115", "Незабудкина", "Ирина", "Фёдоровна", ACCOUNTING, "+79990000115", state="off"),
    Employee("116", "Орешников", "Глеб", "Максимович", WAREHOUSE, "+79990000116"),
    Employee("117", "Перепёлкин", "Виктор", "Степанович", WAREHOUSE, "+79990000117"),
    Employee("118", "Рябинин", "Юрий", "Борисович", WAREHOUSE, "+79990000118", state="off"),
    Employee("119", "Снегирёв", "Олег", "Тимурович", MANAGEMENT, "+79990000119"),
    Employee("120", "Тополева", "Нина", "Аркадьевна", MANAGEMENT, "+79990000120", state="dnd"),
)


def direct_line(who: Employee) -> str:
    """The outside number that rings at one desk."""
    return f"7495222{who.number.zfill(4)}"


@dataclass(frozen=True, slots=True)
class Client:
    """An outside number; with a company or a person it stands in the directory, else nobody knows it."""

    number: str
    company: str = ""
    person: str = ""
    position: str = ""
    caller_name: str = ""  # what the provider sends as a name
    extension: str = ""  # behind the company's line


CLIENTS: Final = (
    Client("+74990010001", "ООО «Северный ветер»", "Арбузова Лидия", "закупки"),
    Client("+74990010002", "ООО «Северный ветер»", "Баранов Фёдор", "директор"),
    Client("+74990010003", "ИП Вишняков", "Вишняков Егор", "владелец"),
    Client("+78120010004", "АО «Речной порт»", "Гвоздикина Анна", "логистика"),
    Client("+78120010005", "АО «Речной порт»", "Дроздов Николай", "склад"),
    Client("+73430010006", "ООО «Уральские самоцветы»"),
    Client("+73830010007", "ООО «Сибирский кедр»", "Елизарова Жанна", "бухгалтер"),
    Client("+78430010008", "ТД «Волжанка»", "Ёлкин Пётр", "менеджер"),
    Client("+79990020009", "ООО «Малахит и партнёры»", "Зайцева Юлия", "секретарь"),
    Client("+78120010014", "АО «Речной порт»", "Кленова Раиса", "диспетчер", extension="12"),
    Client("+78120010014", "АО «Речной порт»", "Лаптев Игорь", "причал № 3", extension="15"),
    Client("+79990020015", "ИП Вишняков", "Мятлева Ольга", "бухгалтер"),  # keeps the books of two firms
    Client("+79990020015", "ООО «Сибирский кедр»", "Мятлева Ольга", "главный бухгалтер"),
    Client("+79990020010", "", "", caller_name="MOBILE"),
    Client("+79990020011"),
    Client("+79990020012"),
    Client("+79990020013", caller_name="Unknown"),
)

NOTES: Final = {  # by company
    "ООО «Северный ветер»": "Отгрузка по четвергам, пропуск на машину заказывать накануне.\nСкидка 7 % до конца года.",
    "ИП Вишняков": "Просит звонить после обеда.",
    "АО «Речной порт»": "Один номер на всю диспетчерскую: спрашивать добавочный.\nНавигация с мая по октябрь.",
    "ООО «Уральские самоцветы»": "Оплата в течение 10 дней, акты присылать на почту.",
    "ООО «Сибирский кедр»": "Разница с Москвой 4 часа: после 14:00 уже не отвечают.",
}
