using System.Linq;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>Whether two descriptions of a bridge say the same: records compare lists by reference.</summary>
internal static class BridgeComparison
{
    public static bool AreSame(BridgeOptions a, BridgeOptions b) =>
        Plain(a) == Plain(b) && a.Out.SequenceEqual(b.Out) && a.In.SequenceEqual(b.In) && a.Map.SequenceEqual(b.Map);

    static BridgeOptions Plain(BridgeOptions of) => of with { Out = None, In = None, Map = NoPairs };

    static readonly string[] None = [];

    static readonly TopicPair[] NoPairs = [];
}
