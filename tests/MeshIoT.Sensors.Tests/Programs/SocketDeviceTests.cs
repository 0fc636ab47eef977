using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using MeshIoT.Health;
using MeshIoT.Sensors.Programs;
using MeshIoT.Sensors.Tests.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests.Programs;

/// <summary>The driver socket with real sockets: writers that behave, and writers that do not.</summary>
public sealed class SocketDeviceTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly FakeTree tree = new();
    readonly Sampler sampler = new();
    readonly List<Reading> told = [];
    readonly AutoResetEvent asked = new(false);
    long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    long monotonic = 1;

    public SocketDeviceTests()
    {
        sampler.LaneAsked += _ => asked.Set();
        sampler.Sampled += told.AddRange;
    }

    string Path => tree.Root + "/s.sock";

    public void Dispose()
    {
        sampler.Dispose();
        tree.Dispose();
        asked.Dispose();
    }

    SensorDevice Device(string id, string values = "temperature") => Drivers.Find("socket")!.Create(
        new SensorEntry { Id = id, Driver = "socket", Options = new Dictionary<string, string> { ["values"] = values, ["path"] = Path, ["mode"] = "600" }, Origin = "m.toml:1:1" }, new FakeWiring(tree.Root));

    void Use(params SensorDevice[] devices)
    {
        sampler.Use(devices.Select(d => (d, (SensorEntry?)null, TimeSpan.FromSeconds(10))));
        Beat();
    }

    // What the lane's thread does: on the beat, and when it is asked.
    void Beat() => sampler.Sample("sockets", now += 10_000, monotonic += 10_000);

    void Until(Func<bool> met)
    {
        DateTime end = DateTime.UtcNow + Patience;
        while (!met())
        {
            Assert.True(DateTime.UtcNow < end, "it did not come to that");
            asked.WaitOne(20);
            sampler.Sample("sockets", now += 20, monotonic += 20);
        }
    }

    Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
        socket.Connect(new UnixDomainSocketEndPoint(Path));
        return socket;
    }

    static string Answer(Socket socket)
    {
        byte[] bytes = new byte[4096];
        int count = socket.Receive(bytes);
        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    static void Say(Socket socket, string text) => socket.Send(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Lines_reach_their_sensors_at_once_each_with_its_time()
    {
        Use(Device("soil", "temperature\nmoisture"), Device("tank", "level cm"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
        using Socket writer = Connect();
        Say(writer, "{\"id\":\"soil\",\"temperature\":21.5,\"t\":1794000000000}\n\n{\"id\":\"soil\",\"moisture\":{\"value\":40}}\r\n{\"id\":\"tank\",\"lev");
        Until(() => told.Count == 2);
        Assert.Equal(("soil.temperature", 21.5, 1_794_000_000_000), (told[0].Sensor.Id, told[0].Value, told[0].UnixMs));
        Assert.Equal(("soil.moisture", 40.0), (told[1].Sensor.Id, told[1].Value));
        Say(writer, "el\":7}\n");
        Until(() => told.Count == 3);
        Assert.Equal(("tank", 7.0, "cm"), (told[2].Sensor.Id, told[2].Value, told[2].Sensor.Unit));

        // The beat alone brings nothing new.
        Beat();
        Assert.Equal(3, told.Count);
        Assert.Equal(Quality.Good, sampler.Find("tank", told[2].UnixMs)!.Quality);
    }

    [Fact]
    public void A_backlog_arrives_whole_and_in_order()
    {
        Use(Device("soil"));
        using Socket writer = Connect();
        const int Lines = 450;
        Say(writer, string.Concat(Enumerable.Range(0, Lines).Select(i => $"{{\"id\":\"soil\",\"temperature\":{i},\"t\":{1_794_000_000_000 + i}}}\n")));
        Until(() => told.Count == Lines);
        Assert.Equal(Enumerable.Range(0, Lines).Select(i => (double?)i), told.Select(r => r.Value));
    }

    [Fact]
    public void Strangers_and_nonsense_are_answered_and_counted_and_silence_is_a_fault()
    {
        Use(Device("soil"));
        using Socket writer = Connect();
        foreach ((string line, string says) in new[]
        {
            ("{\"id\":\"stranger\",\"temperature\":1}", "no sensor \\u0022stranger\\u0022"), ("hello", "no line of JSON"), ("{\"id\":5}", "no line of JSON"),
            ("{\"id\":\"soil\"}", "gives no"), ("{\"id\":\"soil\",\"temperature\":\"x\"}", "no number"),
        })
        {
            Say(writer, line + "\n");
            string answer = Answer(writer);
            Assert.StartsWith("{\"error\":\"", answer, StringComparison.Ordinal);
            Assert.Contains(says, answer, StringComparison.Ordinal);
        }

        for (int i = 0; i < 5; i++)
        {
            Beat();
        }

        Reading silent = sampler.Find("soil", now)!;
        Assert.Equal((Quality.Bad, "sensor-silent"), (silent.Quality, silent.Problem!.Fault.Code));
        Assert.Contains("5 lines were refused", silent.Problem.Message, StringComparison.Ordinal);
        Say(writer, "{\"id\":\"soil\",\"temperature\":3}\n");
        Until(() => told.Exists(r => r.Value == 3 && r.Quality == Quality.Good));
    }

    [Fact]
    public void A_line_without_end_ends_its_writer_and_others_go_on()
    {
        Use(Device("soil"));
        using Socket good = Connect(), bad = Connect();
        Say(bad, new string('x', SocketWriter.LongestLine));
        Assert.Contains("more than 4096 bytes", Answer(bad), StringComparison.Ordinal);
        Assert.Equal(0, bad.Receive(new byte[1]));
        Say(good, "{\"id\":\"soil\",\"temperature\":3}\n");
        Until(() => told.Exists(r => r.Value == 3));
    }

    [Fact]
    public void There_are_so_many_writers_and_no_more()
    {
        Use(Device("soil"));
        List<Socket> writers = [.. Enumerable.Range(0, SensorSocket.MostWriters).Select(_ => Connect())];
        foreach (Socket writer in writers)
        {
            // Each is served, and so counted.
            Say(writer, "x\n");
            Answer(writer);
        }

        using (Socket late = Connect())
        {
            Assert.Equal(0, late.Receive(new byte[1]));
        }

        writers.ForEach(w => w.Dispose());
        Until(() =>
        {
            using Socket again = Connect();
            Say(again, "x\n");
            try
            {
                return Answer(again).Length > 0;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }

    [Fact]
    public void A_change_of_the_configuration_leaves_writers_connected_and_values_as_they_are()
    {
        Use(Device("soil", "temperature\nmoisture"));
        using Socket writer = Connect();
        Say(writer, "{\"id\":\"soil\",\"temperature\":1,\"moisture\":2}\n");
        Until(() => told.Count == 2);
        Use(Device("soil", "moisture\ntemperature"), Device("tank", "level"));
        Assert.Equal((2.0, Quality.Good), (sampler.Find("soil.moisture", told[0].UnixMs)!.Value, sampler.Find("soil.moisture", told[0].UnixMs)!.Quality));
        Say(writer, "{\"id\":\"tank\",\"level\":3}\n");
        Until(() => told.Exists(r => r.Sensor.Id == "tank"));
        sampler.Use([]);
        Assert.Equal(0, writer.Receive(new byte[1]));
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_socket_that_was_left_behind_is_taken_and_one_in_use_is_not()
    {
        using (Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            dead.Bind(new UnixDomainSocketEndPoint(Path));
            dead.Listen();
            using SensorDevice refused = Device("soil");
            Assert.Contains("another program listens", refused.Read(now, new double[1])!.Message, StringComparison.Ordinal);
            refused.Dispose();
            File.Move(Path, Path + ".kept");
        }

        File.Move(Path + ".kept", Path);
        Use(Device("soil"));
        using Socket writer = Connect();
        Say(writer, "{\"id\":\"soil\",\"temperature\":3}\n");
        Until(() => told.Count == 1);
    }

    [Theory]
    [InlineData("path", "relative")]
    [InlineData("mode", "888")]
    [InlineData("mode", "4666")]
    [InlineData("values", "")]
    public void An_entry_that_cannot_be_right_is_refused(string option, string value)
    {
        Dictionary<string, string> options = new() { ["values"] = "temperature", [option] = value };
        Assert.Equal("setting-malformed", Assert.Throws<FaultException>(() => Drivers.Find("socket")!.Create(new SensorEntry { Id = "s", Driver = "socket", Options = options }, new FakeWiring(""))).Report.Fault.Code);
    }
}
