/**
 * The panel's own look on the viewer's theme variables, with OHIF's dark theme as fallback. Every class
 * starts with `kap-`, so that nothing leaks into the viewer.
 */
const STYLE_ID = 'kap-style';

const css = `
.kap-root{flex:1 1 auto;min-height:0;height:100%;width:100%;overflow-y:auto;overflow-x:hidden;scrollbar-width:thin;scroll-padding-bottom:140px}
.kap-panel{
  --kap-card:hsl(var(--card,234 64% 10%));
  --kap-head:hsl(var(--popover,219 90% 15%));
  --kap-text:hsl(var(--foreground,0 0% 98%));
  --kap-muted:hsl(var(--muted-foreground,200 46% 65%));
  --kap-accent:hsl(var(--primary,214 98% 60%));
  --kap-link:color-mix(in srgb,hsl(var(--primary,214 98% 60%)) 82%,white);
  --kap-button:color-mix(in srgb,hsl(var(--primary,214 98% 60%)) 74%,black);
  --kap-line:color-mix(in srgb,hsl(var(--input,236 52% 30%)) 62%,transparent);
  --kap-edge:hsl(var(--input,236 52% 30%));
  --kap-field:color-mix(in srgb,hsl(var(--card,234 64% 10%)) 68%,hsl(var(--input,236 52% 30%)));
  --kap-chosen:hsl(var(--accent,217 79% 24%));
  --kap-glow:hsl(var(--highlight,191 74% 63%));
  --kap-good:#4cc38a;
  --kap-warn:#ffb74a;
  min-height:100%;background:var(--kap-card);color:var(--kap-text);
  font-size:13px;line-height:1.45;letter-spacing:normal;
}
.kap-panel :where(*){box-sizing:border-box}
.kap-panel :where(h2,h3,p,ul,fieldset,legend,figure){margin:0;padding:0;border:0;font:inherit}
.kap-panel :where(ul){list-style:none}
.kap-header{display:flex;align-items:baseline;justify-content:space-between;gap:8px;padding:10px 12px;background:var(--kap-head)}
.kap-header h2{font-weight:600;white-space:nowrap}
.kap-context{color:var(--kap-muted);font-size:12px;text-align:right;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.kap-part{padding:12px;border-bottom:1px solid var(--kap-line)}
.kap-part:last-of-type{border-bottom:0}
.kap-partHead{display:flex;justify-content:space-between;align-items:baseline;gap:8px;margin-bottom:8px}
.kap-wraps{flex-wrap:wrap}
.kap-partHead h3,.kap-label{color:var(--kap-muted);font-size:13px}
.kap-muted{color:var(--kap-muted)}
.kap-small{font-size:12px}
.kap-stack>*+*{margin-top:8px}
.kap-centre{padding:28px 16px 24px;text-align:center}
.kap-centre .kap-title{font-size:15px;font-weight:600}
.kap-title{font-weight:600}
.kap-area{display:flex;flex-wrap:wrap;gap:8px 10px;align-items:flex-start}
.kap-area+.kap-area{margin-top:10px}
.kap-areas{max-height:268px;overflow-y:auto;overflow-x:hidden;padding:3px;margin:-3px}
.kap-largePicture{width:96px!important;height:96px!important}
.kap-smallPicture{width:40px!important;height:40px!important}
.kap-suggestionList{text-align:left}
.kap-suggestions{display:grid;grid-template-columns:repeat(auto-fill,minmax(128px,1fr));gap:6px}
.kap-button.kap-suggestion{width:100%;justify-content:flex-start;text-align:left;padding:4px 6px;line-height:1.3}
.kap-area h3{color:var(--kap-text);font-weight:600}
.kap-picture{flex:none;width:72px;height:72px;border:1px solid var(--kap-glow);border-radius:4px;background:#000;overflow:hidden;display:flex;align-items:center;justify-content:center}
.kap-picture canvas{max-width:100%;max-height:100%;width:100%;height:100%;object-fit:contain;image-rendering:pixelated}
.kap-areaText{min-width:0;flex:1 1 0}
.kap-sides{flex:1 0 100%;display:grid;grid-template-columns:repeat(4,minmax(0,1fr));gap:6px}
.kap-sides label{display:grid;gap:4px}
.kap-panel .kap-sides input{width:100%;padding:4px 5px}
.kap-panel :is(textarea,input[type=text],input[type=password],input[type=number]){
  width:100%;padding:7px 9px;border:1px solid var(--kap-edge);border-radius:4px;background:var(--kap-field);
  color:var(--kap-text);font:inherit;font-size:13px;
}
.kap-panel textarea{display:block;min-height:88px;resize:vertical}
.kap-panel .kap-passphrase{flex:1 1 auto;min-width:0;min-height:34px;field-sizing:content;resize:none;overflow-wrap:anywhere;font-size:12px}
.kap-field .kap-button{align-self:flex-start}
.kap-panel ::placeholder{color:var(--kap-muted);opacity:.85}
.kap-panel input[type=number]{width:68px;text-align:right}
.kap-panel [aria-invalid=true]{border-color:var(--kap-warn)}
.kap-mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace!important;letter-spacing:.01em}
.kap-field{display:flex;gap:6px;align-items:stretch}
.kap-field input{flex:1 1 auto;min-width:0}
.kap-button{
  display:inline-flex;align-items:center;justify-content:center;gap:8px;min-height:34px;padding:6px 12px;
  border:1px solid var(--kap-edge);border-radius:4px;background:transparent;color:var(--kap-text);font:inherit;font-size:13px;cursor:pointer;
}
.kap-button:hover:not(:disabled){background:var(--kap-chosen)}
.kap-button:disabled{opacity:.55;cursor:default}
.kap-primary{background:var(--kap-button);border-color:var(--kap-button);font-weight:600;color:#fff}
.kap-primary:hover:not(:disabled){background:color-mix(in srgb,var(--kap-button) 88%,white)}
.kap-wide{width:100%}
.kap-row{display:flex;flex-wrap:wrap;gap:8px}
.kap-row>.kap-button{flex:1 1 0;min-width:96px}
.kap-link{border:0;padding:0;background:none;color:var(--kap-link);font:inherit;cursor:pointer;text-align:left}
.kap-link:hover{text-decoration:underline}
.kap-links{display:inline-flex;flex-wrap:wrap;gap:2px 12px;flex:none;max-width:100%}
.kap-below{order:1;flex:0 0 100%}
.kap-panel :focus-visible{outline:2px solid var(--kap-glow);outline-offset:2px}
.kap-panel [tabindex="-1"]:focus{outline:none}
.kap-key{padding:0 5px;border:1px solid currentColor;border-radius:3px;font-size:11px;line-height:16px;opacity:.85}
.kap-choices{display:flex;border:1px solid var(--kap-edge);border-radius:4px;overflow:hidden}
.kap-choice{position:relative;flex:1 1 0;text-align:center;cursor:pointer}
.kap-choice+.kap-choice{border-left:1px solid var(--kap-edge)}
.kap-choice input{position:absolute;inset:0;width:100%;height:100%;margin:0;opacity:0;cursor:pointer}
.kap-choice span{display:block;padding:6px 4px;white-space:nowrap;color:var(--kap-muted)}
.kap-choice input:checked+span{background:var(--kap-chosen);color:var(--kap-text)}
.kap-choice input:focus-visible+span{outline:2px solid var(--kap-glow);outline-offset:-2px}
.kap-check{display:flex;gap:8px;align-items:flex-start;cursor:pointer}
.kap-check input{flex:none;width:14px;height:14px;margin:2px 0 0;accent-color:var(--kap-accent)}
.kap-check+.kap-check{margin-top:4px}
.kap-directory{max-height:132px;overflow-y:auto;border:1px solid var(--kap-edge)!important;border-radius:4px;padding:6px 9px!important}
.kap-panel .kap-keys{min-height:52px;font-size:12px}
.kap-strength.kap-weak{color:var(--kap-warn)}
.kap-strength.kap-strong{color:var(--kap-good)}
.kap-options summary{display:flex;justify-content:space-between;align-items:baseline;gap:8px;cursor:pointer;list-style:none}
.kap-options summary::-webkit-details-marker{display:none}
.kap-options summary::after{content:'›';color:var(--kap-muted);transition:transform .15s}
.kap-options[open] summary::after{transform:rotate(90deg)}
.kap-options[open] summary{margin-bottom:10px}
.kap-chosenOptions{margin-left:auto;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.kap-options[open] .kap-chosenOptions{visibility:hidden}
.kap-action{position:sticky;bottom:0;padding:10px 12px 12px;background:var(--kap-card);border-top:1px solid var(--kap-line);z-index:1}
@media (max-height:520px){.kap-root{scroll-padding-bottom:12px}.kap-action{position:static}}
.kap-dialog{max-width:94vw;max-height:94vh;padding:0;border:1px solid var(--kap-edge);border-radius:6px;background:var(--kap-card);color:var(--kap-text)}
.kap-dialog::backdrop{background:rgb(0 0 0/.72)}
.kap-dialogBody{padding:12px}
.kap-dialogBody h2{font-weight:600}
.kap-wholePicture{width:min(86vw,calc(94vh - 120px));aspect-ratio:1;background:#000}
.kap-wholePicture canvas{width:100%;height:100%;object-fit:contain;image-rendering:pixelated}
.kap-range{display:flex;align-items:center;gap:8px;flex-wrap:wrap}
.kap-message{border-left:3px solid var(--kap-warn);padding:1px 0 1px 10px}
.kap-message.kap-good{border-color:var(--kap-good)}
.kap-message p{overflow-wrap:anywhere}
.kap-bar{height:6px;border-radius:3px;background:var(--kap-line);overflow:hidden}
.kap-bar>div{height:100%;border-radius:3px;background:var(--kap-glow);transition:width .2s linear}
.kap-bar.kap-busy>div{width:35%;animation:kap-busy 1.4s ease-in-out infinite}
@keyframes kap-busy{0%{margin-left:-35%}100%{margin-left:100%}}
@media (prefers-reduced-motion:reduce){.kap-bar.kap-busy>div{animation:none;width:100%;opacity:.5}.kap-bar>div{transition:none}}
.kap-locked{display:flex;gap:10px}
.kap-locked>div{min-width:0;overflow-wrap:anywhere}
.kap-locked svg{flex:none;margin-top:1px;color:var(--kap-glow)}
.kap-pre{white-space:pre-wrap}
.kap-blocks{display:block;width:100%;max-height:284px}
.kap-block{fill:#16352c;stroke:var(--kap-card);stroke-width:.08}
.kap-altered{fill:var(--kap-warn);stroke:var(--kap-card);stroke-width:.08}
.kap-dropping{outline:2px dashed var(--kap-glow);outline-offset:-6px}
.kap-drop{position:sticky;top:0;z-index:2;padding:10px 12px!important;background:var(--kap-chosen);text-align:center}
.kap-footer{padding:12px;color:var(--kap-muted);font-size:11.5px}
.kap-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
`;

/** Adds the styles to the page, once. */
export function addStyles(): void {
  if (document.getElementById(STYLE_ID) !== null) return;
  const style = document.createElement('style');
  style.id = STYLE_ID;
  style.textContent = css;
  document.head.append(style);
}
