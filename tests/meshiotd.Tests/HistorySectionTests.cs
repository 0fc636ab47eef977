using System;
using MeshIoT.Agent.Configuration;
using MeshIoT.Health;
using MeshIoT.History;
using Xunit;

namespace MeshIoT.Agent.Tests;

public sealed class HistorySectionTests
{
    static GatewaySections Read(string toml)
    {
        ConfigTable root = ConfigFile.Parse(toml, "m.toml");
        SettingsFile.Of(root);
        return GatewaySections.From(root);
    }

    [Fact]
    public void Without_a_word_history_is_kept_as_usual()
    {
        Assert.Equal(new HistoryOptions(), Read("").History);
        Assert.Equal(new SpoolOptions(), Read("").Spool);
    }

    [Fact]
    public void It_says_how_long_how_much_and_how_soon()
    {
        GatewaySections sections = Read("""
            [history]
            batch = "5m"
            keep_raw = "7d"
            keep_minute = "60d"
            keep_quarter_hour = "90d"
            keep_hour = "365d"
            keep_day = "3650d"
            max_bytes = "64MB"
            memory = "1MB"
            zone = "utc"

            [spool]
            max_bytes = "1GB"
            max_age = "14d"
            batch = 0
            memory = "256KB"
            """);
        Assert.Equal(
            new HistoryOptions
            {
                Batch = TimeSpan.FromMinutes(5),
                KeepRaw = TimeSpan.FromDays(7),
                KeepMinute = TimeSpan.FromDays(60),
                KeepQuarterHour = TimeSpan.FromDays(90),
                KeepHour = TimeSpan.FromDays(365),
                KeepDay = TimeSpan.FromDays(3650),
                MaxBytes = 64_000_000,
                BufferBytes = 1_000_000,
                Zone = TimeZoneInfo.Utc,
            },
            sections.History);
        Assert.Equal(new SpoolOptions { MaxBytes = 1_000_000_000, MaxAge = TimeSpan.FromDays(14), Batch = TimeSpan.Zero, BufferBytes = 256_000 }, sections.Spool);
    }

    [Fact]
    public void It_can_be_switched_off() => Assert.Null(Read("[history]\nenabled = false\n").History);

    [Theory]
    [InlineData("[history]\nkeep_row = \"7d\"", "setting-unknown", "m.toml:2:1")]
    [InlineData("[history]\nkeep_raw = \"1s\"", "setting-malformed", "m.toml:2:12")]
    [InlineData("[history]\nzone = \"Moon/Tycho\"", "setting-malformed", "m.toml:2:8")]
    [InlineData("[history]\nmax_bytes = \"1KB\"", "setting-malformed", "m.toml:2:13")]
    [InlineData("[spool]\nmax_age = \"x\"", "setting-malformed", "m.toml:2:11")]
    [InlineData("[[spool]]\n[[spool]]", "setting-malformed", "m.toml")]
    [InlineData("[histori]\n", "setting-unknown", "history")]
    public void What_is_wrong_is_named_with_its_place(string toml, string code, string says)
    {
        FaultReport report = Assert.Throws<FaultException>(() => Read(toml)).Report;
        Assert.Equal(code, report.Fault.Code);
        Assert.Contains(says, report.ToString(), StringComparison.Ordinal);
    }
}
