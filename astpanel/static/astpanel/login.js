// The demo office: one click fills the form in and sends it.
for (const button of document.querySelectorAll("[data-demo-username]")) {
  button.addEventListener("click", () => {
    document.getElementById("id_username").value = button.dataset.demoUsername;
    document.getElementById("id_password").value = button.dataset.demoPassword;
    document.getElementById("login-form").requestSubmit();
  });
}
