using System;
using System.Linq;
using System.Text;
using MeshIoT.Health;
using MeshIoT.Sensors.Programs;
using Xunit;

namespace MeshIoT.Sensors.Tests.Programs;

/// <summary>What programs say in JSON.</summary>
public class ReadingLineTests
{
    const long Now = 1_795_000_000_000;

    static readonly EntryChannel[] Two = [new("temperature", "temperature", "°C"), new("level", "distance", "m")];

    static (double[] Values, string? Trouble, long? Time) Read(string json, int channels = 2)
    {
        double[] values = [double.NaN, double.NaN];
        string? trouble = ReadingLine.Read(Encoding.UTF8.GetBytes(json), Two[..channels], Now, values.AsSpan(0, channels), out long? time);
        return (values, trouble, time);
    }

    [Theory]
    [InlineData("""{"temperature": 21.5, "level": 2, "other": [1, {}]}""", 21.5, 2)]
    [InlineData("""{"temperature": {"value": 70.7, "unit": "°F"}, "level": {"value": 250, "unit": "cm"}}""", 21.5, 2.5)]
    [InlineData("""[{"key": "level", "value": 3}, {"key": "temperature", "value": 294.65, "unit": "K"}, {"key": "x", "value": "y"}]""", 21.5, 3)]
    [InlineData("""{"temperature": 21.5, "level": null}""", 21.5, double.NaN)]
    [InlineData("""{"level": true}""", double.NaN, 1)]
    public void Values_come_by_key_in_any_unit_that_converts(string json, double temperature, double level)
    {
        (double[] values, string? trouble, long? time) = Read(json);
        Assert.Null(trouble);
        Assert.Null(time);
        Assert.Equal(temperature, values[0], 6);
        Assert.Equal(level, values[1], 6);
    }

    [Fact]
    public void A_bare_number_is_enough_for_one_value_and_a_time_may_be_given()
    {
        Assert.Equal(21.5, Read("21.5", 1).Values[0]);
        Assert.NotNull(Read("21.5").Trouble);
        Assert.Equal(Now - 5_000, Read("{\"t\": 1794999995000, \"level\": 1}").Time);

        // A clock that is slightly ahead: now.
        Assert.Equal(Now, Read("{\"t\": 1795000030000, \"level\": 1}").Time);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("{\"temperature\": 1} x", "not JSON")]
    [InlineData("{\"temperature\": NaN}", "not JSON")]
    [InlineData("[[[[[[[[1]]]]]]]]", "not JSON")]
    [InlineData("{\"temperature\": 1e999}", "no number")]
    [InlineData("{\"temperature\": \"21\"}", "no number")]
    [InlineData("{\"temperature\": {\"unit\": \"°C\"}}", "no \"value\"")]
    [InlineData("{\"temperature\": {\"value\": 1, \"unit\": \"bananas\"}}", "bananas")]
    [InlineData("{\"humidity\": 1}", "gives no \"temperature\"")]
    [InlineData("{\"t\": 1, \"level\": 1}", "\"t\"")]
    [InlineData("{\"t\": 1795000061000, \"level\": 1}", "in the future")]
    [InlineData("{\"t\": \"now\", \"level\": 1}", "\"t\"")]
    [InlineData("{\"error\": \"no\\u001bprobe\"}", "it says: no?probe")]
    [InlineData("[1]", "something other")]
    [InlineData("true", "where 2 are expected")]
    public void What_is_wrong_is_said(string json, string says) => Assert.Contains(says, Read(json).Trouble, StringComparison.Ordinal);

    [Fact]
    public void No_bytes_make_it_throw()
    {
        Random random = new(7);
        byte[] good = Encoding.UTF8.GetBytes("""{"id":"soil","t":1794999995000,"temperature":{"value":-1.5e3,"unit":"°F"},"level":[{"key":"level"}],"error":null}""");
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bent = [.. good.AsSpan(0, random.Next(good.Length + 1))];
            for (int n = random.Next(4); n > 0 && bent.Length > 0; n--)
            {
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
            }

            double[] values = [0, 0];
            ReadingLine.Read(bent, Two, Now, values, out _);
            ReadingLine.Id(bent, out _);
            Assert.All(values, v => Assert.True(double.IsFinite(v)));
        }
    }

    [Fact]
    public void What_is_expected_stands_in_the_entry()
    {
        static EntryChannel[] Of(string values) => [.. ProgramValues.Read(new SensorEntry { Id = "s", Driver = "exec", Options = new System.Collections.Generic.Dictionary<string, string> { ["values"] = values } })];
        Assert.Equal([new("temperature", "temperature", "°C", 3), new("inside", "temperature", "°F", 3), new("soil", "moisture", "%", 3), new("beans", "beans", "", 3)],
            Of("temperature\ninside:temperature °F\nsoil:moisture\nbeans"));
        foreach (string bad in (string[])["", "a b\na c", "A", "a:b:c", "id", "t", "x\u001b", "x " + new string('u', 17), string.Join('\n', Enumerable.Range(0, 65).Select(i => "k" + i))])
        {
            Assert.Equal("setting-malformed", Assert.Throws<FaultException>(() => Of(bad)).Report.Fault.Code);
        }
    }
}
