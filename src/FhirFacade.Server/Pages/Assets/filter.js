// A field that shows only those items of a list that contain its text: <input data-filters="id of the list">.
for (const input of document.querySelectorAll("[data-filters]")) {
  const list = document.getElementById(input.dataset.filters);
  const count = document.getElementById(`${list.id}-count`);
  const items = [...list.children];
  input.closest("[hidden]").hidden = false;
  const show = () => {
    const text = input.value.trim().toLowerCase();
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(text);
    const shown = items.filter((item) => !item.hidden).length;
    count.textContent = text ? `${shown} of ${items.length} types` : "";
  };
  input.addEventListener("input", show);
  show();
}
