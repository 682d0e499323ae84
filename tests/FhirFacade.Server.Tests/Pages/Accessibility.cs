using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Pages;

/// <summary>What a page owes to people who do not see it, or do not see it well (WCAG 2.2, level AA), computed in the browser.</summary>
public static class Accessibility
{
    /// <summary>Everything that is wrong with the page as it stands; empty for nothing.</summary>
    public static async Task<IReadOnlyList<string>> FaultsAsync(IPage page) => await page.EvaluateAsync<string[]>(Script);

    /// <summary>Goes through the page by the Tab key and tells what was reached, each as its id or text, in order; asserts that each shows that it has the focus.</summary>
    public static async Task<IReadOnlyList<string>> FocusOrderAsync(IPage page, int most = 60)
    {
        var reached = new List<string>();
        await page.EvaluateAsync("() => { document.activeElement?.blur(); scrollTo(0, 0); }");
        for (var i = 0; i < most; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var (name, isShown) = (await page.EvaluateAsync<string>(
                "() => { const e = document.activeElement; return e === document.body ? '' : e.id || e.textContent.trim(); }"),
                await page.EvaluateAsync<bool>("() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"));
            if (name.Length == 0)
            {
                break;
            }
            Assert.True(isShown, $"{name} does not show that it has the focus");
            reached.Add(name);
        }
        return reached;
    }

    private const string Script = """
        () => {
          const faults = [];
          const visible = (e) => { const r = e.getBoundingClientRect(); const s = getComputedStyle(e); return r.width > 0 && r.height > 0 && s.visibility !== 'hidden' && s.clipPath === 'none'; };
          const say = (e, text) => faults.push(`${e.tagName.toLowerCase()}${e.id ? '#' + e.id : ''} "${e.textContent.trim().slice(0, 30)}": ${text}`);
          if (!document.documentElement.lang) faults.push('the page names no language');
          if (!document.title) faults.push('the page has no title');
          if (document.querySelectorAll('main').length !== 1) faults.push('there is not one main part');
          if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than the window');

          const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
          for (const id of ids.filter((id, i) => ids.indexOf(id) !== i)) faults.push(`two elements have the id ${id}`);
          for (const name of ['for', 'aria-labelledby', 'aria-describedby', 'list'])
            for (const e of document.querySelectorAll(`[${name}]`))
              for (const id of e.getAttribute(name).split(' ')) if (!document.getElementById(id)) say(e, `${name} names ${id}, which is not there`);

          const name = (e) => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') && document.getElementById(e.getAttribute('aria-labelledby'))?.textContent)
            || [...(e.labels ?? [])].map((l) => l.textContent).join(' ').trim() || (['A', 'BUTTON', 'SUMMARY'].includes(e.tagName) ? e.textContent.trim() : '');
          for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], summary, [role=region]')) if (visible(e) && !name(e)) say(e, 'has no name');
          for (const e of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([role])')) say(e, 'is a picture without a text');
          for (const e of document.querySelectorAll('[style], [onclick], style, script:not([src])')) say(e, 'is styled or scripted in place');

          let level = 0;
          for (const e of document.querySelectorAll('h1, h2, h3, h4')) if (visible(e)) {
            const next = Number(e.tagName[1]);
            if (next > level + 1) say(e, `comes after a heading of level ${level}`);
            level = next;
          }
          if ([...document.querySelectorAll('h1')].filter(visible).length !== 1) faults.push('there is not one h1');

          const colour = (text) => { const n = text.match(/[\d.]+/g).map(Number); return [n[0], n[1], n[2], n[3] ?? 1]; };
          const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const ground = (e) => { const layers = []; for (; e; e = e.parentElement) { const c = colour(getComputedStyle(e).backgroundColor); layers.push(c); if (c[3] === 1) break; } return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]); };
          const light = (c) => { const [r, g, b] = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = texts.nextNode(); node; node = texts.nextNode()) {
            const e = node.parentElement;
            if (!node.textContent.trim() || !visible(e) || e.closest('option, noscript, .skip, [disabled]')) continue;
            const style = getComputedStyle(e), below = ground(e), ratio = contrast(over(colour(style.color), below), below), size = parseFloat(style.fontSize);
            if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) say(e, `text has a contrast of ${ratio.toFixed(2)}`);
          }
          for (const e of document.querySelectorAll('input:not([type=hidden]):not([type=checkbox]), select, textarea')) if (visible(e)) {
            const ratio = contrast(colour(getComputedStyle(e).borderTopColor), ground(e.parentElement));
            if (ratio < 3) say(e, `the edge has a contrast of ${ratio.toFixed(2)}`);
          }
          for (const e of document.querySelectorAll('button, input, select, .button')) if (visible(e)) { const r = e.getBoundingClientRect(); if (r.height < 24 || r.width < 24) say(e, 'is too small to be hit'); }
          return faults;
        }
        """;
}
