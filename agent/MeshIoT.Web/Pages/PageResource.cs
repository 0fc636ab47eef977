using System.Collections.Generic;
using System.Linq;
using MeshIoT.Web.Routing;

namespace MeshIoT.Web.Pages;

/// <summary>The gateway's page: files without any outside resource, 100 KB in all.</summary>
internal static class PageResource
{
    const string Html = "text/html; charset=utf-8", Style = "text/css; charset=utf-8", Script = "text/javascript; charset=utf-8", Picture = "image/svg+xml";

    /// <summary>All files, by the path they are served at.</summary>
    public static IReadOnlyList<(string Path, PageFile File)> Files { get; } =
    [
        ("/", new PageFile("page/index.html", Html)),
        ("/page/page.css", new PageFile("page/page.css", Style)),
        ("/page/icon.svg", new PageFile("page/icon.svg", Picture)),
        .. new[] { "main", "dom", "words", "units", "store", "sensors", "spark", "history", "plot", "outputs", "mesh" }.Select(static name =>
            ($"/page/{name}.js", new PageFile($"page/{name}.js", Script))),
    ];

    public static IEnumerable<WebRoute> Routes => Files.Select(static file => new WebRoute("GET", file.Path, "", "", call => new(file.File.Answer(call.Request))));
}
