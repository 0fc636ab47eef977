using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>
/// Turns a policy text into a document. Everything wrong is collected with its place, up to a bound; a document comes out only when
/// nothing is. Sections: PolicyReader.Names (groups, hosts, tagOwners, autoApprovers), .Rules (acls, grants), .Nodes (nodeAttrs), .Ssh, .Tests.
/// </summary>
internal sealed partial class PolicyReader
{
    const int MaxErrors = 100;

    static readonly string[] Sections =
    [
        "acls", "grants", "groups", "hosts", "tagOwners", "autoApprovers", "nodeAttrs", "ssh", "tests", "sshTests",
        "randomizeClientPort", "disableIPv4", "OneCGNATRoute",
    ];

    /// <summary>Sections that exist elsewhere and would change who may do what: better refused than ignored.</summary>
    static readonly string[] Unsupported = ["postures", "defaultSrcPosture", "ipsets", "derpMap", "extraDNSRecords", "regulations"];

    readonly List<PolicyError> errors = [];
    readonly List<(string Domain, TextPosition At)> domains = [];
    readonly Dictionary<string, ImmutableArray<Alias>> groups = new(StringComparer.Ordinal);
    readonly Dictionary<string, ImmutableArray<Alias>> tagOwners = new(StringComparer.Ordinal);
    readonly Dictionary<string, AddressRange> hosts = new(StringComparer.Ordinal);
    readonly HashSet<string> groupNames = new(StringComparer.Ordinal), tagNames = new(StringComparer.Ordinal), hostNames = new(StringComparer.Ordinal);
    List<GrantRule>? rules;
    readonly List<NodeAttrRule> nodeAttrs = [];

    public static PolicyParse Read(string text)
    {
        HujsonValue? root = HujsonParser.Parse(text, out PolicyError? error);
        if (root is null)
        {
            return new(null, [error!]);
        }

        PolicyReader reader = new();
        PolicyDocument document = reader.Document(root, text);
        return reader.errors.Count == 0
            ? new(document, [])
            : new(null, [.. reader.errors.OrderBy(e => e.Line).ThenBy(e => e.Column)]);
    }

    PolicyDocument Document(HujsonValue root, string text)
    {
        Dictionary<string, HujsonValue> sections = Fields(root, "a policy", Sections, Unsupported);
        ReadNames(sections);
        ReadRules(sections);
        ReadNodeAttrs(sections);
        (List<(AddressRange, ImmutableArray<Alias>)> routes, ImmutableArray<Alias> exits) = ReadApprovers(sections);
        List<SshPolicyRule> ssh = Entries(sections, "ssh").Select(ReadSsh).OfType<SshPolicyRule>().ToList();
        List<ReachTest> tests = Entries(sections, "tests").Select(ReadTest).OfType<ReachTest>().ToList();
        List<SshTest> sshTests = Entries(sections, "sshTests").Select(ReadSshTest).OfType<SshTest>().ToList();
        return new PolicyDocument
        {
            Text = text, Rules = rules, Groups = groups, TagOwners = tagOwners, RouteApprovers = routes, ExitApprovers = exits,
            NodeAttrs = nodeAttrs, Ssh = ssh, Tests = tests, SshTests = sshTests, Domains = domains,
        };
    }

    void Fail(TextPosition at, string message)
    {
        if (errors.Count < MaxErrors)
        {
            errors.Add(at.Error(message));
        }
    }

    /// <summary>The members of an object by their known names, whatever their case; null values are as good as absent.</summary>
    Dictionary<string, HujsonValue> Fields(HujsonValue value, string what, string[] known, string[]? unsupported = null)
    {
        Dictionary<string, HujsonValue> fields = new(StringComparer.Ordinal);
        if (value.Kind != HujsonKind.Object)
        {
            Fail(value.At, $"{what} is an object in {{ }}, not {value.KindName}");
            return fields;
        }

        foreach (HujsonMember member in value.Members)
        {
            string? name = Array.Find(known, k => k.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                Fail(member.At, unsupported is not null && unsupported.Contains(member.Name, StringComparer.OrdinalIgnoreCase)
                    ? $"\"{HujsonParser.Shown(member.Name)}\" is not supported by this coordinator"
                    : $"unknown field \"{HujsonParser.Shown(member.Name)}\" in {what}{Spelling.Hint(member.Name, known)}");
            }
            else if (member.Value.Kind != HujsonKind.Null && !fields.TryAdd(name, member.Value))
            {
                Fail(member.At, $"\"{name}\" stands twice in {what}");
            }
        }

        return fields;
    }

    /// <summary>The entries of a section that is a list of objects.</summary>
    List<HujsonValue> Entries(Dictionary<string, HujsonValue> sections, string name)
        => sections.TryGetValue(name, out HujsonValue? list) ? Items(list, $"\"{name}\"") : [];

    List<HujsonValue> Items(HujsonValue list, string what)
    {
        if (list.Kind == HujsonKind.Array)
        {
            return list.Items;
        }

        Fail(list.At, $"{what} is a list in [ ], not {list.KindName}");
        return [];
    }

    List<HujsonMember> Members(Dictionary<string, HujsonValue> sections, string name)
    {
        if (!sections.TryGetValue(name, out HujsonValue? value))
        {
            return [];
        }

        if (value.Kind == HujsonKind.Object)
        {
            return value.Members;
        }

        Fail(value.At, $"\"{name}\" is an object in {{ }}, not {value.KindName}");
        return [];
    }

    /// <summary>Strings of a list, with their places; what is none is an error.</summary>
    List<HujsonValue> Strings(HujsonValue? list, string what)
    {
        List<HujsonValue> strings = [];
        foreach (HujsonValue item in list is null ? [] : Items(list, what))
        {
            if (item.Kind == HujsonKind.String)
            {
                strings.Add(item);
            }
            else
            {
                Fail(item.At, $"{what} holds strings, not {item.KindName}");
            }
        }

        return strings;
    }

    string? Text(Dictionary<string, HujsonValue> fields, string name)
    {
        if (!fields.TryGetValue(name, out HujsonValue? value))
        {
            return null;
        }

        if (value.Kind == HujsonKind.String)
        {
            return value.Text;
        }

        Fail(value.At, $"\"{name}\" is a string, not {value.KindName}");
        return null;
    }

    bool Flag(Dictionary<string, HujsonValue> fields, string name)
    {
        if (!fields.TryGetValue(name, out HujsonValue? value))
        {
            return false;
        }

        if (value.Kind is not (HujsonKind.True or HujsonKind.False))
        {
            Fail(value.At, $"\"{name}\" is true or false, not {value.KindName}");
        }

        return value.Kind == HujsonKind.True;
    }
}
