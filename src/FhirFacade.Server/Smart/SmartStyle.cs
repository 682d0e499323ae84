using System.Text;
using FhirFacade.Server.Pages;
using Microsoft.AspNetCore.Http;

namespace FhirFacade.Server.Smart;

/// <summary><c>GET /smart-style.json</c>: what an app needs to look at home where it was opened (SMART App Launch 2.2, styling), unless the system that opens it has a style of its own.</summary>
public sealed class SmartStyle(SmartSettings settings)
{
    private static readonly FixedDocument Document = new("application/json; charset=utf-8", Encoding.UTF8.GetBytes("""
        {
          "color_background": "#f7f8f5",
          "color_error": "#96231b",
          "color_highlight": "#0a655d",
          "color_modal_backdrop": "#14211f",
          "color_success": "#17582a",
          "color_text": "#14211f",
          "dim_border_radius": "8px",
          "dim_font_size": "16px",
          "dim_spacing_size": "16px",
          "font_family_body": "system-ui, sans-serif",
          "font_family_heading": "system-ui, sans-serif"
        }
        """));

    /// <summary>Where it is; another address when it changes, as the standard wants.</summary>
    public string Url => $"{settings.PublicUrl}/smart-style.json?v={Document.Hash}";

    /// <summary>200, or 304.</summary>
    public Task HandleAsync(HttpContext http) => Document.WriteAsync(http, "public, max-age=3600");
}
