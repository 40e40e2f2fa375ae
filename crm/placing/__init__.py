"""«Добавить номер»: an unknown number goes into a customer's contact information. Only «Готово» writes anything."""
