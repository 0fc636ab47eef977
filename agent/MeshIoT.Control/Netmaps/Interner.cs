using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Control;

/// <summary>Keeps one copy of texts and lists that many peers have in common. Bounded: when full it forgets all and begins anew. One thread.</summary>
internal sealed class Interner
{
    const int MaxTexts = 4096, MaxLists = 1024, LongestText = 256;

    readonly HashSet<string> texts = new(StringComparer.Ordinal);
    readonly HashSet<string[]> lists = new(new ByContent());

    /// <summary>An equal string, seen before if there is one.</summary>
    public string Text(string? text)
    {
        if (string.IsNullOrEmpty(text) || text.Length > LongestText)
        {
            return text ?? "";
        }

        if (texts.TryGetValue(text, out string? known))
        {
            return known;
        }

        if (texts.Count == MaxTexts)
        {
            texts.Clear();
        }

        texts.Add(text);
        return text;
    }

    /// <summary>An equal list of equal strings.</summary>
    public IReadOnlyList<string> List(IEnumerable<string>? items)
    {
        string[] list = items is null ? [] : [.. items.Select(Text)];
        if (list.Length == 0)
        {
            return [];
        }

        if (lists.TryGetValue(list, out string[]? known))
        {
            return known;
        }

        if (lists.Count == MaxLists)
        {
            lists.Clear();
        }

        lists.Add(list);
        return list;
    }

    sealed class ByContent : IEqualityComparer<string[]>
    {
        public bool Equals(string[]? x, string[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(string[] obj)
        {
            HashCode hash = default;
            foreach (string text in obj)
            {
                hash.Add(text);
            }

            return hash.ToHashCode();
        }
    }
}
