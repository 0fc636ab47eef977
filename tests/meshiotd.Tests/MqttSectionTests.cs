using System;
using System.IO;
using System.Linq;
using MeshIoT.Agent.Configuration;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Mqtt;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Bridge;
using Xunit;

namespace MeshIoT.Agent.Tests;

/// <summary>[mqtt] and [[bridge]] as people write them, rightly and wrongly.</summary>
public class MqttSectionTests
{
    static GatewaySections Read(string text)
    {
        ConfigTable root = ConfigFile.Parse(text, "meshiot.toml");
        SettingsFile.Of(root);
        return GatewaySections.From(root);
    }

    static string Wrong(string text) => Assert.Throws<FaultException>(() => Read(text)).Message;

    [Fact]
    public void Nothing_is_nothing()
    {
        Assert.Null(Read("").Mqtt);
        Assert.Empty(Read("").Bridges);
    }

    [Fact]
    public void An_empty_section_is_a_broker_that_everybody_may_read()
    {
        MqttOptions options = Read("[mqtt]").Mqtt!;
        Assert.Equal(["tailnet", "localhost"], options.Listen);
        Assert.Equal(1883, options.Port);
        Assert.Equal("home", options.Site);
        Assert.True(AccessList.MayRead(options.Access.Find(null)!, "#"));
        Assert.False(AccessList.MayWrite(options.Access.Find(null)!, "x"));
        Assert.Equal(256 * 1024, options.Broker.MostPacketBytes);
    }

    [Fact]
    public void Users_have_what_the_file_and_the_section_say()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, $"ann:{PasswordHash.Make("a"u8)}\nbob:{PasswordHash.Make("b"u8)}\n");
            MqttOptions options = Read($"""
                [mqtt]
                listen = ["tailnet", "localhost", "0.0.0.0:1883"]
                site = "farm"
                users_file = "{file}"
                packet_size = "64KiB"
                [[mqtt.user]]
                name = "ann"
                read = ["meshiot/#", "home/%u/#"]
                write = ["meshiot/farm/+/+/+/set"]
                """).Mqtt!;
            Assert.Null(options.Access.Find(null));
            MqttUser ann = options.Access.Find("ann")!, bob = options.Access.Find("bob")!;
            Assert.True(AccessList.MayWrite(ann, "meshiot/farm/barn/pump/switch/set"));
            Assert.False(AccessList.MayRead(ann, "#"));
            Assert.True(AccessList.MayRead(ann, "home/ann/x"));
            Assert.True(AccessList.MayRead(bob, "#"));
            Assert.False(AccessList.MayWrite(bob, "x"));
            Assert.Equal(65_536, options.Broker.MostPacketBytes);
            Assert.Contains("mqtt-user-unknown", Wrong($"[mqtt]\nusers_file = \"{file}\"\n[[mqtt.user]]\nname = \"eve\""), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("[mqtt]\nlisten = [\"everywhere\"]", "meshiot.toml:2:10", "0.0.0.0:1883")]
    [InlineData("[mqtt]\nprot = 1", "meshiot.toml:2", "Did you mean \"port\"?")]
    [InlineData("[mqtt]\nsite = \"a/b\"", "meshiot.toml:2:8", "one level")]
    [InlineData("[mqtt]\npacket_size = \"1GB\"", "meshiot.toml:2:15", "bytes")]
    [InlineData("[mqtt]\nanonymous = \"yes\"", "meshiot.toml:2:13", "none, read, all")]
    [InlineData("[mqtt]\nusers_file = \"/nowhere/users\"", "mqtt-users-unreadable", "/nowhere/users")]
    [InlineData("[[mqtt.user]]\nname = \"ann\"", "mqtt-user-unknown", "ann")]
    [InlineData("[[bridge]]\nname = \"x\"", "url is missing", "mqtt://")]
    [InlineData("[[bridge]]\nname = \"x\"\nurl = \"http://a\"", "meshiot.toml:3:7", "mqtts://")]
    [InlineData("[[bridge]]\nname = \"x\"\nurl = \"mqtt://a\"\npassword = \"x\"", "setting-unknown", "password_file")]
    [InlineData("[[bridge]]\nname = \"x\"\nurl = \"mqtt://a\"\nout = [\"a/#/b\"]", "meshiot.toml:4:7", "topic filters")]
    [InlineData("[[bridge]]\nname = \"x\"\nurl = \"mqtt://a\"\nca = \"/x.pem\"", "mqtts://HOST", "url")]
    [InlineData("[[bridge]]\nname = \"x\"\nurl = \"mqtt://a\"\n[[bridge]]\nname = \"x\"\nurl = \"mqtt://b\"", "no other bridge", "name")]
    public void What_is_wrong_is_said_with_its_place(string text, string says, string alsoSays)
    {
        string message = Wrong(text);
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.Contains(alsoSays, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_in_an_address_is_refused_and_not_repeated()
    {
        string message = Wrong("[[bridge]]\nname = \"x\"\nurl = \"mqtt://ann:topsecret@host\"");
        Assert.DoesNotContain("topsecret", message, StringComparison.Ordinal);
        Assert.Contains("password_file", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bridge_is_read_whole()
    {
        BridgeOptions bridge = Read("""
            [[bridge]]
            name = "cloud"
            url = "mqtts://broker.example"
            user = "barn"
            password_file = "/etc/meshiot/cloud"
            version = "3.1.1"
            out = ["meshiot/#", "alerts/#"]
            in = ["plant/in/#"]
            remote_prefix = "acme/"
            keep_alive = "20m"
            commands = true
            rate = 50
            map = [{ local = "in/", remote = "plant/in/" }]
            """.Replace("map = [{ local = \"in/\", remote = \"plant/in/\" }]", "[[bridge.map]]\nlocal = \"in/\"\nremote = \"plant/in/\"", StringComparison.Ordinal)).Bridges.Single();
        Assert.Equal(("broker.example", 8883, true, false), (bridge.Host, bridge.Port, bridge.IsTls, bridge.IsVersion5));
        Assert.Equal([new TopicPair("", "acme/"), new TopicPair("in/", "plant/in/")], bridge.Map);
        Assert.Equal(TimeSpan.FromMinutes(20), bridge.KeepAlive);
        Assert.True(bridge.TakesCommands);
        Assert.Equal("mqtts://broker.example:8883", bridge.Address);
    }

    [Fact]
    public void A_line_for_the_users_file_is_made_of_standard_input()
    {
        using StringWriter to = new();
        MqttPassword.Write("ann", new StringReader("secret\n"), to);
        Assert.True(PasswordHash.Verify(PasswordFile.Parse(to.ToString(), "x")["ann"], "secret"u8));
        Assert.Throws<FaultException>(() => MqttPassword.Write("an n", new StringReader("secret"), to));
        Assert.Throws<FaultException>(() => MqttPassword.Write("ann", new StringReader(""), to));
    }
}
