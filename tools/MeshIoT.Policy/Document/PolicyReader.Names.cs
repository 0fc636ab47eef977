using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>groups, hosts, tagOwners, autoApprovers.</summary>
internal sealed partial class PolicyReader
{
    void ReadNames(Dictionary<string, HujsonValue> sections)
    {
        foreach (HujsonMember host in Members(sections, "hosts"))
        {
            ReadHost(host);
        }

        List<HujsonMember> groupMembers = Members(sections, "groups"), tagMembers = Members(sections, "tagOwners");
        groupMembers.ForEach(g => groupNames.Add(g.Name));
        tagMembers.ForEach(t => tagNames.Add(t.Name));
        groupMembers.ForEach(ReadGroup);
        foreach (HujsonMember tag in tagMembers)
        {
            if (!IsTagName(tag.Name))
            {
                Fail(tag.At, tag.Name.StartsWith("tag:", StringComparison.Ordinal)
                    ? $"tagOwners[\"{HujsonParser.Shown(tag.Name)}\"]: tag names must start with a letter, after 'tag:', and hold letters, digits and dashes"
                    : $"tagOwners[\"{HujsonParser.Shown(tag.Name)}\"]: a tag's name starts with \"tag:\"");
            }

            tagOwners[tag.Name] = People(tag.Value, $"the owners of {HujsonParser.Shown(tag.Name)}");
        }
    }

    /// <summary>"tag:" and a letter, then letters, digits, dashes.</summary>
    static bool IsTagName(string name)
    {
        if (!name.StartsWith("tag:", StringComparison.Ordinal) || name.Length < 5 || !char.IsAsciiLetter(name[4]))
        {
            return false;
        }

        foreach (char c in name.AsSpan(4))
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    void ReadHost(HujsonMember host)
    {
        hostNames.Add(host.Name);
        if (host.Name.Length == 0 || host.Name.AsSpan().ContainsAny(":@*/ "))
        {
            Fail(host.At, $"\"{HujsonParser.Shown(host.Name)}\" cannot be the name of a host");
        }
        else if (host.Value.Kind != HujsonKind.String || !AddressRange.TryParse(host.Value.Text, out AddressRange range))
        {
            Fail(host.Value.At, $"host \"{HujsonParser.Shown(host.Name)}\" needs an address or a prefix, like 192.0.2.1 or 10.0.0.0/8");
        }
        else
        {
            hosts[host.Name] = range;
        }
    }

    void ReadGroup(HujsonMember group)
    {
        if (!group.Name.StartsWith("group:", StringComparison.Ordinal) || group.Name.Length == "group:".Length)
        {
            Fail(group.At, $"groups[\"{HujsonParser.Shown(group.Name)}\"]: a group's name starts with \"group:\"");
        }

        ImmutableArray<Alias>.Builder members = ImmutableArray.CreateBuilder<Alias>();
        foreach (HujsonValue item in Strings(group.Value, $"groups[\"{HujsonParser.Shown(group.Name)}\"]"))
        {
            string member = item.Text.Trim();
            if (member.StartsWith("group:", StringComparison.Ordinal))
            {
                Fail(item.At, $"groups[\"{HujsonParser.Shown(group.Name)}\"]: \"{HujsonParser.Shown(member)}\": group members cannot be recursive");
            }
            else if (!member.Contains('@', StringComparison.Ordinal))
            {
                Fail(item.At, $"groups[\"{HujsonParser.Shown(group.Name)}\"]: \"{HujsonParser.Shown(member)}\" is no user; users have an @ (\"name@\" or an address)");
            }
            else if (Named(member, item.At) is { } alias)
            {
                members.Add(alias);
            }
        }

        groups[group.Name] = members.ToImmutable();
    }

    /// <summary>Who may own a tag or have routes approved: users, groups, tags, and the autogroups of people.</summary>
    ImmutableArray<Alias> People(HujsonValue list, string what)
    {
        ImmutableArray<Alias>.Builder people = ImmutableArray.CreateBuilder<Alias>();
        foreach (Alias alias in Aliases(list, what, Alias.Member, Alias.Admin, Alias.Owner, Alias.Tagged))
        {
            if (alias.Kind is AliasKind.User or AliasKind.UserDomain or AliasKind.Group or AliasKind.Tag or AliasKind.AutoGroup)
            {
                people.Add(alias);
            }
            else
            {
                Fail(alias.At, $"{what} are users, groups and tags, not \"{HujsonParser.Shown(alias.Text)}\"");
            }
        }

        return people.ToImmutable();
    }

    (List<(AddressRange Range, ImmutableArray<Alias> Approvers)> Routes, ImmutableArray<Alias> Exits) ReadApprovers(Dictionary<string, HujsonValue> sections)
    {
        List<(AddressRange, ImmutableArray<Alias>)> routes = [];
        if (!sections.TryGetValue("autoApprovers", out HujsonValue? approvers))
        {
            return (routes, []);
        }

        Dictionary<string, HujsonValue> fields = Fields(approvers, "autoApprovers", ["routes", "exitNode"], ["services"]);
        foreach (HujsonMember route in Members(fields, "routes"))
        {
            if (AddressRange.TryParse(route.Name, out AddressRange range))
            {
                routes.Add((range, People(route.Value, $"the approvers of {HujsonParser.Shown(route.Name)}")));
            }
            else
            {
                Fail(route.At, $"autoApprovers: \"{HujsonParser.Shown(route.Name)}\" is no prefix, like 10.0.0.0/8");
            }
        }

        return (routes, fields.TryGetValue("exitNode", out HujsonValue? exits) ? People(exits, "the approvers of exit nodes") : []);
    }
}
