using System.Collections.Generic;
using System.Linq;
using MeshIoT.Tailcfg;

namespace MeshIoT.Control;

/// <content>What is merged and not replaced. control-plane.md section 5.3.</content>
public sealed partial class NetmapBuilder
{
    static DerpMap Merge(DerpMap? was, DerpMap now) => now with
    {
        Regions = now.Regions is { } regions
            ? regions.Where(static r => r.Value is not null).ToDictionary(static r => r.Key, static r => r.Value)
            : was?.Regions,
        OmitDefaultRegions = now.Regions is null ? was?.OmitDefaultRegions ?? now.OmitDefaultRegions : now.OmitDefaultRegions,
        HomeParams = now.HomeParams ?? was?.HomeParams,
    };

    static Dictionary<long, UserProfile> Merge(IReadOnlyDictionary<long, UserProfile> was, IReadOnlyList<UserProfile> now)
    {
        Dictionary<long, UserProfile> merged = new(was);
        foreach (UserProfile user in now)
        {
            merged[user.ID] = user;
        }

        return merged;
    }

    static Dictionary<string, DisplayMessage> Merge(IReadOnlyDictionary<string, DisplayMessage> was, IReadOnlyDictionary<string, DisplayMessage?> now)
    {
        bool clears = now.TryGetValue(Everything, out DisplayMessage? all) && all is null;
        Dictionary<string, DisplayMessage> merged = clears ? [] : new(was);
        foreach ((string id, DisplayMessage? message) in now)
        {
            if (message is not null)
            {
                merged[id] = message;
            }
            else
            {
                merged.Remove(id);
            }
        }

        return merged;
    }
}
