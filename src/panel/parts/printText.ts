/** Prints a text, and nothing else of the page. What it returns takes back the copy that is printed. */
export function printText(title: string, text: string): () => void {
  const frame = document.createElement('iframe');
  frame.setAttribute('aria-hidden', 'true');
  frame.style.cssText = 'position:fixed;width:0;height:0;border:0';
  document.body.append(frame);
  const { contentDocument, contentWindow } = frame;
  const takeBack = () => frame.remove();
  if (contentDocument === null || contentWindow === null) {
    takeBack();
    return takeBack;
  }
  // Browsers print the page's title, and name the file after it.
  contentDocument.title = title;
  const heading = contentDocument.createElement('h1');
  heading.textContent = title;
  heading.style.cssText = 'font:600 14pt sans-serif;margin:0 0 12pt';
  const body = contentDocument.createElement('p');
  body.textContent = text;
  body.dir = 'auto';
  body.style.cssText = 'font:11pt/1.5 sans-serif;white-space:pre-wrap;overflow-wrap:anywhere;margin:0';
  contentDocument.body.append(heading, body);
  contentWindow.addEventListener('afterprint', takeBack);
  contentWindow.focus();
  contentWindow.print();
  return takeBack;
}
