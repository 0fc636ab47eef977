using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Document;

namespace MeshIoT.Policy.Compiler;

/// <summary>
/// Every name that a rule uses, numbered. A node is matched against all of them at once: a look-up by its tags, owner and addresses and a
/// walk over the prefixes, however many nodes there are.
/// </summary>
internal sealed class SelectorIndex(People people)
{
    readonly Dictionary<(AliasKind, string), int> known = [];
    readonly Dictionary<string, int> byTag = new(StringComparer.Ordinal);
    readonly Dictionary<long, List<int>> byUser = [];
    readonly Dictionary<AddressRange, List<int>> byAddress = [];
    readonly List<(AddressRange Range, int Selector)> prefixes = [];
    int member = -1, tagged = -1;

    public int Count { get; private set; }

    /// <summary>The number of a name; null for those that stand for no particular nodes ("*", danger-all, internet, self).</summary>
    public int? Add(Alias alias)
    {
        if (alias.Kind == AliasKind.Wildcard || alias.IsAuto(Alias.DangerAll) || alias.IsAuto(Alias.Internet) || alias.IsAuto(Alias.Self))
        {
            return null;
        }

        if (known.TryGetValue((alias.Kind, alias.Text), out int selector))
        {
            return selector;
        }

        known[(alias.Kind, alias.Text)] = selector = Count++;
        if (alias.IsRange)
        {
            AddRange(alias.Range, selector);
        }
        else if (alias.Kind == AliasKind.Tag)
        {
            byTag[alias.Text] = selector;
        }
        else if (alias.IsAuto(Alias.Member))
        {
            member = selector;
        }
        else if (alias.IsAuto(Alias.Tagged))
        {
            tagged = selector;
        }
        else
        {
            foreach (long user in people.Of(alias))
            {
                (byUser.TryGetValue(user, out List<int>? list) ? list : byUser[user] = []).Add(selector);
            }
        }

        return selector;
    }

    void AddRange(AddressRange range, int selector)
    {
        if (range.IsSingle)
        {
            (byAddress.TryGetValue(range, out List<int>? list) ? list : byAddress[range] = []).Add(selector);
        }
        else
        {
            prefixes.Add((range, selector));
        }
    }

    /// <summary>The selectors that a node matches, sorted.</summary>
    public int[] Match(NodeEntry node)
    {
        List<int> found = [];
        if (node.IsTagged)
        {
            if (tagged >= 0)
            {
                found.Add(tagged);
            }

            foreach (string tag in node.Node.Tags)
            {
                if (byTag.TryGetValue(tag, out int selector))
                {
                    found.Add(selector);
                }
            }
        }
        else
        {
            if (member >= 0)
            {
                found.Add(member);
            }

            if (node.UserId is { } user && byUser.TryGetValue(user, out List<int>? list))
            {
                found.AddRange(list);
            }
        }

        foreach (AddressRange own in (ReadOnlySpan<AddressRange>)[node.V4, node.V6])
        {
            if (byAddress.TryGetValue(own, out List<int>? list))
            {
                found.AddRange(list);
            }

            foreach ((AddressRange range, int selector) in prefixes)
            {
                if (range.Contains(own))
                {
                    found.Add(selector);
                }
            }
        }

        return SortedInts.Of(found);
    }
}
