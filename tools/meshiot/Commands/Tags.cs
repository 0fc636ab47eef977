using System;
using System.Linq;

namespace MeshIoT.Cli.Commands;

/// <summary>Tags as people type them: comma or space between them, <c>tag:</c> optional.</summary>
internal static class Tags
{
    public static string[] Read(string[]? typed) => [.. (typed ?? [])
        .SelectMany(t => t.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .Select(t => t.StartsWith("tag:", StringComparison.Ordinal) ? t : "tag:" + t)];
}
