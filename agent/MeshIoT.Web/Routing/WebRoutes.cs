using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Web.Http;

namespace MeshIoT.Web.Routing;

/// <summary>Finds the operation for a method and a path. Paths are compared segment by segment, byte for byte.</summary>
public sealed class WebRoutes
{
    const int MaxPathLength = 512;
    static readonly Dictionary<string, string> None = [];

    readonly Dictionary<string, List<WebRoute>> exact = new(StringComparer.Ordinal);
    readonly List<(string[] Segments, List<WebRoute> Methods)> patterns = [];

    /// <summary>A table of these operations.</summary>
    public WebRoutes(IEnumerable<WebRoute> routes)
    {
        All = [.. routes];
        foreach (IGrouping<string, WebRoute> path in All.GroupBy(static route => route.Path, StringComparer.Ordinal))
        {
            if (path.Key.Contains('{', StringComparison.Ordinal))
            {
                patterns.Add((path.Key.Split('/'), [.. path]));
            }
            else
            {
                exact[path.Key] = [.. path];
            }
        }
    }

    /// <summary>Every operation, in the order of the document.</summary>
    public IReadOnlyList<WebRoute> All { get; }

    /// <summary>Answers one request.</summary>
    public ValueTask<HttpResponse> HandleAsync(HttpRequest request, CancellationToken ct)
    {
        if (Find(request.Path) is not ({ } methods, { } parameters))
        {
            return new(HttpResponse.Problem(Faults.NoSuchPath.With(request.Path.Length <= 80 ? request.Path : request.Path[..80] + "…")));
        }

        string method = request.Method == "HEAD" ? "GET" : request.Method;
        foreach (WebRoute route in methods)
        {
            if (route.Method == method)
            {
                return route.Handle(new WebCall(request, parameters, ct));
            }
        }

        return new(HttpResponse.Problem(Faults.MethodNotAllowed.With(request.Method, string.Join(" or ", methods.Select(static route => route.Method))), 405));
    }

    (List<WebRoute>? Methods, Dictionary<string, string>? Parameters) Find(string path)
    {
        if (exact.TryGetValue(path, out List<WebRoute>? found))
        {
            return (found, None);
        }

        if (path.Length <= MaxPathLength)
        {
            string[] asked = path.Split('/');
            foreach ((string[] segments, List<WebRoute> methods) in patterns)
            {
                if (Match(segments, asked) is { } parameters)
                {
                    return (methods, parameters);
                }
            }
        }

        return (null, null);
    }

    static Dictionary<string, string>? Match(string[] segments, string[] asked)
    {
        if (segments.Length != asked.Length)
        {
            return null;
        }

        Dictionary<string, string> parameters = [];
        for (int i = 0; i < segments.Length; i++)
        {
            if (segments[i].StartsWith('{') && asked[i].Length > 0)
            {
                parameters[segments[i][1..^1]] = asked[i];
            }
            else if (segments[i] != asked[i])
            {
                return null;
            }
        }

        return parameters;
    }
}
