'use strict';
// Switches curves and sorts tables. The page is complete without it.
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
document.documentElement.classList.add('js');

// Axes, scales and kinds of curves.
for (const controls of all('.controls')) {
  const figure = controls.parentElement.querySelector('figure');
  const show = () => {
    const chosen = new Map(all('input[type=radio]:checked', controls).map(i => [i.name, i.value]));
    let shown = false;
    for (const variant of all('.variant', figure)) {
      const fits = !shown && [...chosen].every(([name, value]) => variant.dataset[name] === value);
      variant.hidden = !fits;
      shown = shown || fits;
    }
    for (const box of all('input[type=checkbox]', controls)) {
      figure.classList.toggle('no-' + box.value, !box.checked);
    }
  };
  // A run may lack what an axis needs, as its tokens: that choice is not offered.
  for (const radio of all('input[type=radio]', controls)) {
    if (!figure.querySelector(`.variant[data-${radio.name}="${radio.value}"]`)) {
      radio.closest('label').remove();
    }
  }
  controls.hidden = false;
  controls.addEventListener('change', show);
  show();
}

// The legend switches configurations in all figures, and shows one of them alone when pointed at.
for (const button of all('[data-switch]')) {
  const marks = all(`svg [data-group="${button.dataset.switch}"]`);
  const lit = on => {
    all('figure').forEach(figure => figure.classList.toggle('dim', on));
    marks.forEach(mark => mark.classList.toggle('lit', on));
  };
  button.addEventListener('click', () => {
    const on = button.getAttribute('aria-pressed') === 'false';
    button.setAttribute('aria-pressed', on);
    marks.forEach(mark => mark.classList.toggle('off', !on));
    lit(false);
  });
  button.addEventListener('pointerenter', event => {
    lit(event.pointerType === 'mouse' && button.getAttribute('aria-pressed') === 'true');
  });
  button.addEventListener('pointerleave', () => lit(false));
}

// A heading sorts by its column, and the other way round the second time; what is unknown comes last.
for (const table of all('table.sortable')) {
  all('thead th', table).forEach((heading, column) => {
    heading.firstElementChild.addEventListener('click', () => {
      const down = heading.getAttribute('aria-sort') === 'ascending';
      const numbers = heading.classList.contains('number');
      const key = row => row.children[column].dataset.order;
      const body = table.tBodies[0];
      const rows = Array.from(body.rows).sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        if (a === '' || b === '') {
          return (a === '') - (b === '');
        }
        const order = numbers ? a - b : a.localeCompare(b, 'en', {numeric: true});
        return down ? -order : order;
      });
      all('th', table.tHead).forEach(other => other.removeAttribute('aria-sort'));
      heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      body.append(...rows);
    });
  });
}

// On paper nothing can be unfolded.
addEventListener('beforeprint', () => all('details').forEach(details => { details.open = true; }));
