using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Tailcfg.Tests;

/// <summary>Replies captured from Tailscale's service, anonymised (shared vectors, tailscale/).</summary>
public class SampleReplies
{
    [Fact]
    public void The_first_frame_of_a_real_service_is_understood()
    {
        MapResponse frame = JsonSerializer.Deserialize(File.ReadAllBytes(SharedVectors.PathOf("tailscale/map_response.json")), TailcfgJson.Default.MapResponse)!;
        Assert.Equal(6523515364831089, frame.Node!.ID);
        Assert.Equal("tailscale-rs1.tail252fff.ts.net.", frame.Node.Name);
        Assert.True(frame.Node.DiscoKey.IsZero);
        Assert.False(frame.Node.Key.IsZero);
        Assert.Null(frame.Node.Tags);
        Assert.True(frame.Node.CapMap!.ContainsKey("https://tailscale.com/cap/ssh"));
        Assert.Equal("nyc", frame.DERPMap!.Regions![1]!.RegionCode);
        Assert.NotEmpty(frame.PeersChanged!);
        Assert.NotNull(frame.ControlDialPlan);
        Assert.NotNull(frame.DNSConfig);
    }

    [Theory]
    [InlineData("tailscale/map_response.json")]
    [InlineData("tailscale/node.json")]
    public void What_was_read_is_written_back_with_the_same_names_and_values(string file)
    {
        byte[] json = File.ReadAllBytes(SharedVectors.PathOf(file));
        byte[] again = file.EndsWith("node.json")
            ? JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(json, TailcfgJson.Default.Node), TailcfgJson.Default.Node)
            : JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse), TailcfgJson.Default.MapResponse);
        List<string> lost = [];
        Compare(JsonNode.Parse(json), JsonNode.Parse(again), "", lost);
        // Fields of the real service that MeshIoT has no use for; everything else must survive.
        Assert.Equal([], lost.Where(path => !Dropped.Any(path.Contains)).ToArray());
    }

    static readonly string[] Dropped = ["DefaultAutoUpdate", "DomainDataPlaneAuditLogID", "ComputedName", "DataPlaneAuditLogID", "MaxKeyDuration", "LegacyACL"];

    static void Compare(JsonNode? was, JsonNode? now, string path, List<string> lost)
    {
        if (was is null)
        {
            return;
        }

        if (now is null)
        {
            // Left out because it says nothing: zero, false, zero key, zero time.
            bool empty = was is JsonValue v && (v.ToJsonString() is "0" or "false" or "\"\"" || v.ToString() is var t && (t.EndsWith(new string('0', 64)) || t.StartsWith("0001-")));
            if (!empty)
            {
                lost.Add(path);
            }

            return;
        }

        switch (was)
        {
            case JsonObject o:
                foreach ((string name, JsonNode? value) in o)
                {
                    Compare(value, now[name], path + "/" + name, lost);
                }

                break;
            case JsonArray a:
                for (int i = 0; i < a.Count; i++)
                {
                    Compare(a[i], i < now.AsArray().Count ? now[i] : null, path + "/" + i, lost);
                }

                break;
            default:
                string before = was.ToString(), after = now.ToString();
                bool sameTime = System.DateTimeOffset.TryParse(before, out var x) && System.DateTimeOffset.TryParse(after, out var y) && (x - y).Duration().Ticks < 2; // we keep 100 ns
                if (before != after && !sameTime)
                {
                    lost.Add(path + ": " + before + " → " + after);
                }

                break;
        }
    }
}
