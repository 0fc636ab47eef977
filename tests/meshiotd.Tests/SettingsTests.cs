using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using Xunit;

namespace MeshIoT.Agent.Tests;

public class SettingsTests
{
    static readonly Dictionary<string, SettingValue> None = [];

    static Settings From(string[] flags, string toml = "", params (string, string)[] variables) => Settings.From(
        CommandLine.Parse(flags).Flags, name => variables.FirstOrDefault(v => v.Item1 == name).Item2, Parse(toml, "meshiot.toml"));

    static IReadOnlyDictionary<string, SettingValue> Parse(string toml, string file) => SettingsFile.Of(ConfigFile.Parse(toml, file));

    static string Code(Action action) => Assert.Throws<FaultException>(action).Report.Fault.Code;

    [Fact]
    public void A_flag_beats_a_variable_beats_the_file_beats_the_default()
    {
        Assert.Equal(41641, From([]).UdpPort);
        Assert.Equal(1, From([], "udp_port = 1").UdpPort);
        Assert.Equal(2, From([], "udp_port = 1", ("MESHIOT_UDP_PORT", "2")).UdpPort);
        Assert.Equal(3, From(["--udp-port", "3"], "udp_port = 1", ("MESHIOT_UDP_PORT", "2")).UdpPort);
        Assert.Equal(("3", "--udp-port"), (From(["--udp-port=3"])["udp_port"].Text, From(["--udp-port=3"])["udp_port"].Origin));
        Assert.Equal("meshiot.toml:2:12", From([], "\nudp_port = 1")["udp_port"].Origin);
    }

    [Theory]
    [InlineData("udp_port = \"x\"")]
    [InlineData("udp_port = 65536")]
    [InlineData("udp_port = true")]
    [InlineData("udp_bind = \"here\"")]
    [InlineData("login_server = \"ftp://x\"")]
    [InlineData("renew_key_before = -1")]
    [InlineData("renew_key_before = 366")]
    [InlineData("renew_key_before = \"soon\"")]
    [InlineData("web_listen = \"127.0.0.1\"")]
    [InlineData("tun = \"maybe\"")]
    [InlineData("tun_name = \"a name that is too long\"")]
    [InlineData("sample_interval = 0")]
    [InlineData("sensors = \"host,lunar\"")]
    public void A_value_that_makes_no_sense_is_named_with_its_place(string toml)
    {
        FaultException e = Assert.Throws<FaultException>(() => From([], toml).Check());
        Assert.Equal("setting-malformed", e.Report.Fault.Code);
        Assert.Contains("meshiot.toml:1", e.Report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_name_gets_a_hint()
    {
        FaultException e = Assert.Throws<FaultException>(() => From([], "udp_prot = 1"));
        Assert.Contains("Did you mean \"udp_port\"?", e.Report.Message, StringComparison.Ordinal);
        Assert.Equal("setting-unknown", Code(() => CommandLine.Parse(["--hostnam", "x"])));
        Assert.Equal("setting-malformed", Code(() => Parse("[sensors]\na = 1", "f")));
    }

    [Fact]
    public void A_file_that_is_no_toml_is_refused_with_line_and_column()
    {
        FaultException e = Assert.Throws<FaultException>(() => Parse("udp_port = 1\nudp_port\n", "f.toml"));
        Assert.Equal("config-unreadable", e.Report.Fault.Code);
        Assert.Contains("line 2", e.Report.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_file_that_is_missing_is_a_fault_and_the_default_file_is_not()
    {
        Assert.Equal("config-unreadable", Code(() => ConfigFile.Read("/nonexistent/meshiot.toml")));
        Assert.Equal("config-unreadable", Code(() => ConfigFile.Read("/")));
    }

    [Fact]
    public void Sensors_may_be_a_list_or_words_with_commas()
    {
        Assert.True(From([], "sensors = [\"host\", \"sim\"]").HasSensors("sim"));
        Assert.True(From(["--sensors", "sim"]).HasSensors("sim"));
        Assert.False(From(["--sensors", "sim"]).HasSensors("host"));
    }

    [Fact]
    public void No_text_makes_the_file_reader_throw_anything_but_a_fault()
    {
        Random random = new(3);
        byte[] good = "udp_port = 41641\nhostname = \"a\"\nsensors = [\"sim\", \"host\"]\nsample_interval = 1.5\n"u8.ToArray();
        for (int i = 0; i < 5000; i++)
        {
            byte[] bent = (byte[])good.Clone();
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                bent[random.Next(bent.Length)] = (byte)random.Next(256);
            }

            try
            {
                Parse(System.Text.Encoding.UTF8.GetString(bent), "f");
            }
            catch (FaultException)
            {
                // A clear refusal is the promise.
            }
        }
    }

    [Fact]
    public void Help_and_configtest_know_every_setting()
    {
        using StringWriter help = new(), test = new();
        Help.Write(help);
        ConfigTest.Write(Settings.From(None, _ => null, None), test);
        Assert.All(Settings.All, s => Assert.Contains(s.Flag, help.ToString(), StringComparison.Ordinal));
        Assert.All(Settings.All, s => Assert.Contains(s.Key + " = ", test.ToString(), StringComparison.Ordinal));
    }
}
