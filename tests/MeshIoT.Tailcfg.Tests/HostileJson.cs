using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using Xunit;

namespace MeshIoT.Tailcfg.Tests;

/// <summary>Whatever arrives, a reader sees a message or a <see cref="JsonException"/>.</summary>
public class HostileJson
{
    const string Frame = """
        {"KeepAlive":false,"PingRequest":{"URL":"/x","Types":"c2n","Payload":"R0VU"},"Node":{"ID":1,"StableID":"n1","Name":"a.tail.example.","User":1,
        "Key":"nodekey:50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765","KeyExpiry":"2026-01-25T18:31:27.550535802Z",
        "Addresses":["100.64.0.1/32"],"CapMap":{"a":[{"b":1}],"c":null},"Hostinfo":{"Services":[{"Proto":"tcp","Port":80}],"NetInfo":{"DERPLatency":{"1-v4":0.01}}}},
        "Peers":[{"ID":2,"Online":true}],"PeersRemoved":[3],"PeersChangedPatch":[{"NodeID":2,"Endpoints":["1.2.3.4:5"]}],"OnlineChange":{"2":true},
        "DERPMap":{"Regions":{"900":{"RegionID":900,"Nodes":[{"Name":"a","RegionID":900,"HostName":"h"}]}}},"DNSConfig":{"Routes":{"x":null},"ExtraRecords":[{"Name":"a","Value":"1.1.1.1"}]},
        "PacketFilters":{"base":[{"SrcIPs":["*"],"DstPorts":[{"IP":"*","Ports":{"First":0,"Last":65535}}],"IPProto":[6]}],"*":null},
        "UserProfiles":[{"ID":1,"LoginName":"u"}],"SSHPolicy":{"rules":[]},"ControlTime":"2026-11-23T12:00:00Z","DisplayMessages":{"m":{"Title":"t"}}}
        """;

    static bool IsRead(ReadOnlySpan<byte> json)
    {
        try
        {
            MapResponse? frame = JsonSerializer.Deserialize(json, TailcfgJson.Default.MapResponse);
            // What was accepted can be printed and written again.
            _ = frame?.ToString();
            _ = JsonSerializer.SerializeToUtf8Bytes(frame!, TailcfgJson.Default.MapResponse);
            return frame is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [Theory]
    [InlineData("""{"Node":5}""")]
    [InlineData("""{"Node":{"Key":"nodekey:zz"}}""")]
    [InlineData("""{"Node":{"Key":7}}""")]
    [InlineData("""{"Node":{"ID":1.5}}""")]
    [InlineData("""{"Node":{"ID":99999999999999999999}}""")]
    [InlineData("""{"Node":{"KeyExpiry":"yesterday"}}""")]
    [InlineData("""{"Node":{"KeyExpiry":{}}}""")]
    [InlineData("""{"Node":{"Addresses":{}}}""")]
    [InlineData("""{"Node":{"Addresses":[7]}}""")]
    [InlineData("""{"Node":{"Name":"\ud800"}}""")]
    [InlineData("""{"Peers":[[]]}""")]
    [InlineData("""{"OnlineChange":{"x":true}}""")]
    [InlineData("""{"PingRequest":{"Payload":"***"}}""")]
    [InlineData("""{"PacketFilter":[{"DstPorts":[{"IP":"*","Ports":{"First":-1,"Last":65536}}]}]}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{")]
    public void A_value_of_the_wrong_kind_is_a_JsonException(string json) => Assert.False(IsRead(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_frame_used_for_the_flips_is_itself_valid() => Assert.True(IsRead(Encoding.UTF8.GetBytes(Frame)));

    [Fact]
    public void A_list_that_would_fill_the_memory_is_refused()
    {
        StringBuilder json = new("""{"Peers":[{}""");
        json.Insert(json.Length, ",{}", ListOf<Node>.MaxElements + 1).Append("]}");
        Assert.False(IsRead(Encoding.UTF8.GetBytes(json.ToString())));
    }

    [Fact]
    public void Nesting_without_end_is_refused() => Assert.False(IsRead(Encoding.UTF8.GetBytes("{\"SSHPolicy\":" + new string('[', 100_000))));

    [Fact]
    public void Flipped_bits_and_cut_ends_never_escape_as_anything_else()
    {
        byte[] valid = Encoding.UTF8.GetBytes(Frame);
        Random random = new(20261123);
        for (int i = 0; i < 8_000; i++)
        {
            byte[] json = (byte[])valid.Clone();
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                json[random.Next(json.Length)] ^= (byte)(1 << random.Next(8));
            }

            IsRead(random.Next(4) == 0 ? json.AsSpan(0, random.Next(json.Length)) : json);
        }
    }

    [Fact]
    public void Swapped_tokens_never_escape_as_anything_else()
    {
        string[] tokens = ["null", "true", "0", "-1", "1e999", "\"\"", "\"x\"", "{}", "[]", "[null]", "{\"a\":null}", "\"\\u0000\"", "\"\\udfff\""];
        Random random = new(7);
        List<(int Start, int Length)> values = [];
        Utf8JsonReader reader = new(Encoding.UTF8.GetBytes(Frame));
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null or JsonTokenType.PropertyName)
            {
                int start = (int)reader.TokenStartIndex;
                values.Add((start, reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? reader.ValueSpan.Length + 2 : reader.ValueSpan.Length));
            }
        }

        foreach ((int start, int length) in values)
        {
            foreach (string token in tokens)
            {
                IsRead(Encoding.UTF8.GetBytes(string.Concat(Frame.AsSpan(0, start), token, Frame.AsSpan(start + length))));
            }
        }
    }
}
