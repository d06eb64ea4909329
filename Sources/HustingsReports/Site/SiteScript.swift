/// The script of every page: sorting, filtering and turning over long tables. Without it the tables are all there.
///
/// A long table keeps its rows out of the document but for the hundred that are shown, so ten thousand cost no layout.
let siteScript: StaticString = #"""
  (() => {
    'use strict';
    const size = 100;
    const make = (name, text, type) => {
      const element = document.createElement(name);
      if (text) element.textContent = text;
      if (type) element.className = type;
      return element;
    };
    const figure = text => {
      const found = text.replace(/,/g, '').match(/[+-]?(?:\d+\.?\d*|\.\d+)/);
      return found ? parseFloat(found[0]) : null;
    };
    const grouped = n => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
    for (const table of document.querySelectorAll('table.live')) {
      const body = table.tBodies[0];
      const rows = Array.from(body.rows);
      if (rows.length < 2) continue;
      const heads = Array.from(table.tHead.rows[0].cells);
      const columns = heads.map(() => null);
      const words = rows.map(() => null);
      const column = index => columns[index] ??= rows.map(row => {
        const text = row.cells[index].textContent.trim();
        return heads[index].classList.contains('n') ? figure(text) : text.toLowerCase();
      });
      let order = rows.map((_, index) => index);
      let shown = order;
      let page = 0;
      let sorted = null;
      const tools = make('div', '', 'tools');
      const label = make('label', 'Filter');
      const input = make('input');
      input.type = 'search';
      label.append(input);
      const status = make('span');
      status.setAttribute('role', 'status');
      tools.append(label, status);
      const back = make('button', 'Previous');
      const next = make('button', 'Next');
      const isLong = rows.length > size;
      if (isLong) tools.append(back, next);
      const render = () => {
        const last = Math.max(0, Math.ceil(shown.length / size) - 1);
        page = Math.min(page, last);
        const part = isLong ? shown.slice(page * size, page * size + size) : shown;
        body.replaceChildren(...part.map(index => rows[index]));
        back.disabled = page === 0;
        next.disabled = page === last;
        const all = shown.length === rows.length ? '' : ' of ' + grouped(rows.length);
        status.textContent = isLong && shown.length
          ? grouped(page * size + 1) + '–' + grouped(page * size + part.length) + ' of ' + grouped(shown.length) + ' rows'
            + (all ? ', filtered from ' + grouped(rows.length) : '')
          : grouped(shown.length) + all + ' rows';
      };
      const filter = () => {
        const query = input.value.trim().toLowerCase();
        shown = query === '' ? order
          : order.filter(index => (words[index] ??= rows[index].textContent.toLowerCase()).includes(query));
        page = 0;
        render();
      };
      const sort = index => {
        const isNumber = heads[index].classList.contains('n') && !/^(tier|rank|p\b)/.test(heads[index].textContent);
        const down = sorted?.index === index ? !sorted.down : isNumber;
        sorted = { index, down };
        heads.forEach(head => head.removeAttribute('aria-sort'));
        heads[index].setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const keys = column(index);
        const way = down ? -1 : 1;
        order = rows.map((_, place) => place).sort((a, b) => {
          const x = keys[a], y = keys[b];
          if (x === y) return a - b;
          if (x === null) return 1;
          if (y === null) return -1;
          return x < y ? -way : way;
        });
        table.classList.add('sorted');
        filter();
      };
      heads.forEach((head, index) => {
        if (head.classList.contains('draw')) return;
        const button = make('button', head.textContent, 'sort');
        button.type = 'button';
        button.addEventListener('click', () => sort(index));
        head.replaceChildren(button);
      });
      input.addEventListener('input', filter);
      back.addEventListener('click', () => { page -= 1; render(); });
      next.addEventListener('click', () => { page += 1; render(); });
      if (rows.length > 8) table.parentElement.before(tools);
      render();
    }
    const mark = document.querySelector('meta[name=hustings-version]');
    if (mark) {
      const look = async () => {
        try {
          const answer = await fetch('/version', { cache: 'no-store' });
          const isBusy = document.activeElement && document.activeElement.tagName === 'INPUT';
          if (answer.ok && !isBusy && (await answer.text()) !== mark.content) { location.reload(); return; }
        } catch (error) { }
        setTimeout(look, 2000);
      };
      setTimeout(look, 2000);
    }
  })();
  """#
