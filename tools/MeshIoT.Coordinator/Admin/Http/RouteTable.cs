using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace MeshIoT.Coordinator;

/// <summary>Finds the operation for a method and a path. Paths are compared segment by segment, byte for byte.</summary>
internal sealed class RouteTable
{
    const int MaxPathLength = 512;

    readonly (string[] Segments, ImmutableArray<AdminRoute> Methods)[] paths;

    public RouteTable(IEnumerable<AdminRoute> routes)
    {
        All = [.. routes];
        paths = [.. All.GroupBy(r => r.Path).Select(g => (Split(g.Key), g.ToImmutableArray()))
            .OrderBy(p => p.Item1.Count(IsParameter))];
    }

    /// <summary>Every operation, in the order of the document.</summary>
    public ImmutableArray<AdminRoute> All { get; }

    /// <summary>
    /// The operation, with the path's parameters. No operation but methods: the path exists, for others. Neither: there is no such path.
    /// </summary>
    public (AdminRoute? Route, IReadOnlyDictionary<string, string> Parameters, IReadOnlyList<string> Methods) Find(string method, string path)
    {
        string[] asked = path.Length > MaxPathLength ? [] : Split(path);
        foreach ((string[] segments, ImmutableArray<AdminRoute> methods) in paths)
        {
            if (Match(segments, asked) is { } parameters)
            {
                return (methods.FirstOrDefault(r => r.Method == method), parameters, [.. methods.Select(r => r.Method)]);
            }
        }

        return (null, ImmutableDictionary<string, string>.Empty, []);
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
            if (IsParameter(segments[i]) && asked[i].Length > 0)
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

    static bool IsParameter(string segment) => segment.StartsWith('{');

    static string[] Split(string path) => path.Split('/');
}
