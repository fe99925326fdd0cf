/**
 * Runs in the reader's browser: the playhead, and going to a place. The page tells everything without it. It has no
 * data of its own; the times are in the page's `data-` attributes, in seconds.
 */
export const PAGE_SCRIPT = `
(() => {
  'use strict';
  const timeline = document.querySelector('.timeline');
  const scroller = timeline.querySelector('.scroller');
  const chart = scroller.querySelector('.chart');
  const overview = timeline.querySelector('.overview');
  const view = overview && overview.querySelector('.window');
  const audio = timeline.querySelector('audio');
  const heads = timeline.querySelectorAll('.playhead');
  const rows = document.querySelectorAll('tr[data-from]');
  const length = Number(timeline.dataset.seconds);
  document.documentElement.classList.add('running');

  const percent = (share) => Math.min(Math.max(share * 100, 0), 100) + '%';

  const show = (seconds) => {
    for (const head of heads) {
      head.setAttribute('x1', percent(seconds / length));
      head.setAttribute('x2', percent(seconds / length));
    }
  };

  const lightUp = (seconds) => {
    for (const row of rows) {
      const on = seconds > 0 && seconds >= Number(row.dataset.from) && seconds < Number(row.dataset.to);
      row.classList.toggle('now', on);
    }
  };

  const scrollTo = (seconds, share) => {
    const width = chart.getBoundingClientRect().width;
    scroller.scrollLeft = (seconds / length) * width - scroller.clientWidth * share;
  };

  const follow = () => {
    const x = (audio.currentTime / length) * scroller.scrollWidth - scroller.scrollLeft;
    if (x < 0 || x > scroller.clientWidth * 0.95) scrollTo(audio.currentTime, 0.1);
  };

  const run = () => {
    show(audio.currentTime);
    if (audio.paused) return;
    follow();
    requestAnimationFrame(run);
  };

  const seek = (seconds) => {
    if (audio) audio.currentTime = seconds;
    show(seconds);
    lightUp(seconds);
  };

  const secondsUnder = (event, drawing) => {
    const box = drawing.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1) * length;
  };

  let middle = 0;
  const showView = () => {
    middle = ((scroller.scrollLeft + scroller.clientWidth / 2) / scroller.scrollWidth) * length;
    if (!view) return;
    overview.classList.toggle('whole', scroller.scrollWidth <= scroller.clientWidth);
    view.setAttribute('x', percent(scroller.scrollLeft / scroller.scrollWidth));
    view.setAttribute('width', percent(scroller.clientWidth / scroller.scrollWidth));
  };

  chart.addEventListener('click', (event) => seek(secondsUnder(event, chart)));
  if (overview) {
    overview.addEventListener('click', (event) => {
      const seconds = secondsUnder(event, overview);
      seek(seconds);
      scrollTo(seconds, 0.5);
    });
  }
  if (audio) {
    audio.addEventListener('play', run);
    audio.addEventListener('timeupdate', () => {
      show(audio.currentTime);
      lightUp(audio.currentTime);
    });
  }
  scroller.addEventListener('scroll', showView);
  addEventListener('resize', showView);

  timeline.querySelector('.zoom').addEventListener('change', () => {
    scrollTo(middle, 0.5);
    showView();
  });

  for (const cell of document.querySelectorAll('td[data-at]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = cell.textContent;
    button.title = 'Go there';
    button.addEventListener('click', () => {
      const seconds = Number(cell.dataset.at);
      seek(seconds);
      scrollTo(seconds, 0.3);
      timeline.scrollIntoView({ block: 'start', behavior: 'smooth' });
    });
    cell.replaceChildren(button);
  }

  show(0);
  showView();
})();
`;
