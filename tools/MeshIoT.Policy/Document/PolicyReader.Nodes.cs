using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>nodeAttrs, and the settings that are attributes of every node.</summary>
internal sealed partial class PolicyReader
{
    void ReadNodeAttrs(Dictionary<string, HujsonValue> sections)
    {
        Alias everyone = new(AliasKind.Wildcard, "*", new(1, 1));
        List<string> forAll = [];
        if (Flag(sections, "randomizeClientPort"))
        {
            forAll.Add("randomize-client-port");
        }

        if (Flag(sections, "disableIPv4"))
        {
            forAll.Add(NodeAttributes.DisableIPv4);
        }

        switch (Text(sections, "OneCGNATRoute"))
        {
            case null or "":
                break;
            case "mac-always":
                forAll.Add("one-cgnat?v=true");
                break;
            case "mac-never":
                forAll.Add("one-cgnat?v=false");
                break;
            default:
                Fail(sections["OneCGNATRoute"].At, "OneCGNATRoute is \"\", \"mac-always\" or \"mac-never\"");
                break;
        }

        if (forAll.Count > 0)
        {
            nodeAttrs.Add(new([everyone], [.. forAll]));
        }

        foreach (HujsonValue entry in Entries(sections, "nodeAttrs"))
        {
            Dictionary<string, HujsonValue> fields = Fields(entry, "an entry of nodeAttrs", ["target", "attr", "ipPool"], ["app"]);
            ImmutableArray<Alias> targets = Aliases(fields.GetValueOrDefault("target"), "target", Alias.Member, Alias.Tagged, Alias.Admin, Alias.Owner);
            foreach (HujsonValue pool in Strings(fields.GetValueOrDefault("ipPool"), "ipPool"))
            {
                CheckPool(pool);
            }

            nodeAttrs.Add(new(targets, [.. Strings(fields.GetValueOrDefault("attr"), "attr").Select(a => a.Text)]));
        }
    }

    void CheckPool(HujsonValue pool)
    {
        string text = HujsonParser.Shown(pool.Text);
        if (!AddressRange.TryParse(pool.Text, out AddressRange range))
        {
            Fail(pool.At, $"ipPool: \"{text}\" is no prefix");
        }
        else if (!KnownRanges.CarrierGrade.Contains(range))
        {
            Fail(pool.At, $"ipPool: {text} is not within 100.64.0.0/10");
        }
        else if (KnownRanges.Reserved.Any(r => r.Overlaps(range)))
        {
            Fail(pool.At, $"ipPool: {text} is within a reserved range (100.100.100.0/24, 100.115.92.0/23)");
        }
    }
}
