using System;
using System.Collections.Generic;
using System.Linq;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>Exchanges the beginnings of topics: the longest pair that fits counts; where none fits the topic stays.</summary>
internal sealed class TopicMap(IReadOnlyList<TopicPair> pairs)
{
    readonly TopicPair[] byLocal = [.. pairs.OrderByDescending(p => p.Local.Length)], byRemote = [.. pairs.OrderByDescending(p => p.Remote.Length)];

    /// <summary>The topic there of a topic here.</summary>
    public string Out(string topic)
    {
        foreach (TopicPair pair in byLocal)
        {
            if (topic.StartsWith(pair.Local, StringComparison.Ordinal))
            {
                return string.Concat(pair.Remote, topic.AsSpan(pair.Local.Length));
            }
        }

        return topic;
    }

    /// <summary>The topic here of a topic there.</summary>
    public string In(string topic)
    {
        foreach (TopicPair pair in byRemote)
        {
            if (topic.StartsWith(pair.Remote, StringComparison.Ordinal))
            {
                return string.Concat(pair.Local, topic.AsSpan(pair.Remote.Length));
            }
        }

        return topic;
    }
}
