using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Sparkplug;
using MeshIoT.Sensors;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Sparkplug;

/// <summary>Sparkplug B 3.0: numbers, order of births, bytes.</summary>
public class SparkplugTests
{
    const long Now = 1_763_632_800_000;

    static readonly SensorDescription Temperature = new("greenhouse.temperature", "Greenhouse temperature", "bme280", "temperature", "°C") { Device = "greenhouse" };

    static readonly Reading[] Latest =
    [
        new(Temperature, 21.5, Now - 1000, Quality.Good),
        new(Temperature with { Id = "greenhouse.humidity", Quantity = "humidity", Unit = "%" }, null, 0, Quality.Bad),
        new(new SensorDescription("door", "Door", "gpio", "opening", ""), 1, Now, Quality.Good),
    ];

    // Protocol Buffers' own example: field 1 = 150 is 08 96 01; field 2 = "testing" is 12 07 74 65 73 74 69 6e 67.
    [Fact]
    public void The_writer_writes_what_the_encoding_guide_shows()
    {
        ProtobufWriter writer = new();
        writer.UInt64(1, 150);
        writer.Text(2, "testing");
        Assert.Equal(Convert.FromHexString("0896011207" + "74657374696E67"), writer.ToArray());
    }

    [Fact]
    public void Births_come_first_and_are_numbered_from_0()
    {
        SparkplugNode node = new(new GatewayTopics("home", "barn"), 0);
        (string Topic, byte[] Payload)[] births = [.. node.Births(Latest, Now)];
        Assert.Equal(["spBv1.0/home/NBIRTH/barn", "spBv1.0/home/DBIRTH/barn/greenhouse", "spBv1.0/home/DBIRTH/barn/door"], births.Select(b => b.Topic));
        Assert.Equal([0UL, 1, 2], births.Select(b => Seq(b.Payload)));
        Assert.Equal(["bdSeq", "Node Control/Rebirth"], Names(births[0].Payload));
        Assert.Equal(["temperature", "humidity"], Names(births[1].Payload));
        Assert.Equal("spBv1.0/home/DDATA/barn/greenhouse", node.Data("greenhouse", "temperature", 22, Now, Now)!.Value.Topic);
        Assert.Null(node.Data("cellar", "temperature", 22, Now, Now));
    }

    [Fact]
    public void Numbers_go_round_at_255()
    {
        SparkplugNode node = new(new GatewayTopics("home", "barn"), 255);
        node.Births(Latest, Now);
        List<ulong> numbers = [];
        for (int i = 0; i < 256; i++)
        {
            numbers.Add(Seq(node.Data("door", "opening", i, Now, Now)!.Value.Payload));
        }

        Assert.Equal(Enumerable.Range(0, 256).Select(i => (ulong)((i + 3) % 256)), numbers);
        Assert.Equal(0UL, Seq(node.Births(Latest, Now)[0].Payload));
    }

    [Fact]
    public void A_death_has_the_births_number_and_no_sequence()
    {
        SparkplugNode node = new(new GatewayTopics("home", "barn"), 7);
        (string topic, byte[] death) = node.Death(Now);
        Assert.Equal("spBv1.0/home/NDEATH/barn", topic);
        Assert.False(HasSeq(death));
        Assert.Equal(7UL, First(death, 11));
        Assert.Equal(7UL, First(node.Births(Latest, Now)[0].Payload, 11));
    }

    [Fact]
    public void Values_that_come_late_say_so()
    {
        SparkplugNode node = new(new GatewayTopics("home", "barn"), 0);
        node.Births(Latest, Now);
        Assert.Equal(1UL, First(node.Data("door", "opening", 1, Now - 3_600_000, Now)!.Value.Payload, 5));
        Assert.Null(First(node.Data("door", "opening", 1, Now - 1000, Now)!.Value.Payload, 5));
        Assert.Equal(1UL, First(node.Data("door", "opening", null, Now, Now)!.Value.Payload, 7));
    }

    [Fact]
    public void A_rebirth_is_asked_for_by_its_flag()
    {
        static byte[] Command(bool flag) => SparkplugPayload.Write(Now, [new SparkplugMetric("Node Control/Rebirth", Now, SparkplugType.Boolean) { Flag = flag }], null);
        Assert.True(SparkplugNode.AsksForRebirth(Command(true)));
        Assert.False(SparkplugNode.AsksForRebirth(Command(false)));
        Assert.False(SparkplugNode.AsksForRebirth([]));
    }

    [Fact]
    public void No_bytes_make_a_command_fall_over() => Gen.Byte.Array[0, 200].Sample(bytes => SparkplugPayload.ReadCommands(bytes).Count <= 64);

    [Fact]
    public void Flipped_bits_of_a_command_are_borne()
    {
        byte[] good = SparkplugPayload.Write(Now, [new SparkplugMetric("Node Control/Rebirth", Now, SparkplugType.Boolean) { Flag = true }], 3);
        Gen.Int[0, (good.Length * 8) - 1].Sample(bit =>
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            _ = SparkplugPayload.ReadCommands(bad);
        });
    }

    static ulong Seq(byte[] payload)
    {
        ProtobufReader reader = new(payload);
        while (reader.Read())
        {
            if (reader.Field == 3)
            {
                return reader.Number;
            }
        }

        throw new InvalidOperationException("no seq");
    }

    static bool HasSeq(byte[] payload)
    {
        ProtobufReader reader = new(payload);
        while (reader.Read())
        {
            if (reader.Field == 3)
            {
                return true;
            }
        }

        return false;
    }

    static List<string> Names(byte[] payload)
    {
        List<string> names = [];
        ProtobufReader reader = new(payload);
        while (reader.Read())
        {
            if (reader.Field == 2)
            {
                ProtobufReader metric = new(reader.Bytes);
                metric.Read();
                names.Add(System.Text.Encoding.UTF8.GetString(metric.Bytes));
            }
        }

        return names;
    }

    /// <summary>A numeric field of the first metric.</summary>
    static ulong? First(byte[] payload, int field)
    {
        ProtobufReader reader = new(payload);
        while (reader.Read())
        {
            if (reader.Field == 2)
            {
                ProtobufReader metric = new(reader.Bytes);
                while (metric.Read())
                {
                    if (metric.Field == field)
                    {
                        return metric.Number;
                    }
                }

                return null;
            }
        }

        return null;
    }
}
