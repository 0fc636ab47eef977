using System;
using System.Collections.Generic;
using System.Linq;
using MeshIoT.Health;

namespace MeshIoT.Alerts;

/// <summary>
/// Turns the faults that hold now into notices: it waits until a fault has lasted, says it once, again after a long time, and once more when it is
/// over. It has no clock and no thread: <see cref="Look"/> is called when faults change and at <see cref="NextLook"/>. One caller at a time.
/// </summary>
public sealed class AlertEngine
{
    /// <summary>More alerts than anybody reads: further ones are not watched.</summary>
    const int MostTracked = 10_000;

    readonly Dictionary<(string Topic, string Code), Tracked> tracked = [];
    AlertRules rules;
    double allowance;
    DateTimeOffset allowedAt;
    int leftOut;

    /// <summary>Begins with what was open when the program ended.</summary>
    /// <param name="rules">When a fault becomes an alert.</param>
    /// <param name="open">The open alerts of before.</param>
    /// <param name="now">Now.</param>
    public AlertEngine(AlertRules rules, IEnumerable<OpenAlert> open, DateTimeOffset now)
    {
        (this.rules, allowance, allowedAt) = (rules, rules.MostPerHour, now);
        foreach (OpenAlert alert in open.Take(MostTracked))
        {
            // A clock that was ahead when it was noted must not keep it quiet for years.
            DateTimeOffset Past(DateTimeOffset time) => time > now ? now : time;
            tracked[(alert.Topic, alert.Code)] = new Tracked(Kept(alert), Past(alert.Since)) { Said = Past(alert.Said), IsRaised = true, GoneSince = now };
        }
    }

    /// <summary>When it must look again although nothing changes; null: not before something does.</summary>
    public DateTimeOffset? NextLook { get; private set; }

    /// <summary>What is to be kept over a restart. Another list whenever it differs.</summary>
    public IReadOnlyList<OpenAlert> Open { get; private set; } = [];

    /// <summary>Goes by these rules from now on.</summary>
    public void Use(AlertRules next)
    {
        rules = next;
        allowance = Math.Min(allowance, next.MostPerHour);
    }

    /// <summary>Compares the faults that hold now with those it knows.</summary>
    /// <param name="faults">Topic and fault of all that is wrong now.</param>
    /// <param name="now">Now; going backwards is harmless.</param>
    /// <returns>What people are to be told.</returns>
    public IReadOnlyList<AlertNotice> Look(IEnumerable<KeyValuePair<string, FaultReport>> faults, DateTimeOffset now)
    {
        List<AlertNotice> notices = [];
        HashSet<(string, string)> present = [];
        foreach ((string topic, FaultReport report) in faults)
        {
            (string, string) key = (topic, report.Fault.Code);
            if (!rules.IsWanted(report.Fault) || !present.Add(key))
            {
                continue;
            }

            if (!tracked.TryGetValue(key, out Tracked? alert))
            {
                if (tracked.Count >= MostTracked)
                {
                    continue;
                }

                tracked[key] = alert = new Tracked(report, now);
            }

            alert.IsHere(report, now);
        }

        bool hasChanged = false;
        NextLook = null;
        Refill(now);
        foreach (((string Topic, string Code) key, Tracked alert) in tracked.OrderBy(t => t.Value.Since).ThenBy(t => t.Key.Topic, StringComparer.Ordinal).ToArray())
        {
            hasChanged |= Step(key, alert, present.Contains(key), now, notices);
        }

        if (hasChanged || Open.Count != tracked.Count(static t => t.Value.IsRaised))
        {
            Open = [.. tracked.Where(static t => t.Value.IsRaised).OrderBy(static t => t.Key.Topic, StringComparer.Ordinal)
                .Select(static t => new OpenAlert(t.Key.Topic, t.Key.Code, t.Value.Report.Fault.Severity, t.Value.Report.Message, t.Value.Since, t.Value.Said))];
        }

        return notices;
    }

    // True when what is to be kept over a restart has changed.
    bool Step((string Topic, string Code) key, Tracked alert, bool isHere, DateTimeOffset now, List<AlertNotice> notices)
    {
        if (!isHere)
        {
            alert.GoneSince ??= now;
            if (!alert.IsRaised)
            {
                tracked.Remove(key);
                return false;
            }

            DateTimeOffset over = alert.GoneSince.Value + rules.Settle;
            if (now < over)
            {
                LookAt(over);
                return false;
            }

            tracked.Remove(key);
            Say(AlertKind.Over, key.Topic, alert, now, notices);
            return true;
        }

        Fault fault = alert.Report.Fault;
        TimeSpan repeat = rules.RepeatOf(fault);
        DateTimeOffset due = !alert.IsRaised ? alert.Since + rules.AfterOf(fault) : repeat > TimeSpan.Zero ? alert.Said + repeat : DateTimeOffset.MaxValue;
        if (now < due)
        {
            LookAt(due);
            return false;
        }

        Say(alert.IsRaised ? AlertKind.Still : AlertKind.Raised, key.Topic, alert, now, notices);
        (alert.IsRaised, alert.Said) = (true, now);
        if (repeat > TimeSpan.Zero)
        {
            LookAt(now + repeat);
        }

        return true;
    }

    // The fault as it was said before the restart: its sentences, without those that could be filled in anew.
    static FaultReport Kept(OpenAlert alert) => new(new Fault(alert.Code, alert.Severity, ExitCodes.Failed, alert.Message, ""), alert.Message, "");

    void Say(AlertKind kind, string topic, Tracked alert, DateTimeOffset now, List<AlertNotice> notices)
    {
        if (allowance < 1)
        {
            leftOut++;
            return;
        }

        allowance--;
        notices.Add(new AlertNotice(kind, topic, alert.Report, alert.Since, now, leftOut));
        leftOut = 0;
    }

    void Refill(DateTimeOffset now)
    {
        double hours = Math.Max(0, (now - allowedAt).TotalHours);
        allowance = Math.Min(rules.MostPerHour, allowance + (hours * rules.MostPerHour));
        allowedAt = now;
    }

    void LookAt(DateTimeOffset time)
    {
        if (time < (NextLook ?? DateTimeOffset.MaxValue))
        {
            NextLook = time;
        }
    }

    sealed class Tracked(FaultReport report, DateTimeOffset since)
    {
        public FaultReport Report { get; private set; } = report;

        public DateTimeOffset Since { get; private set; } = since;

        public DateTimeOffset Said { get; set; }

        public DateTimeOffset? GoneSince { get; set; }

        public bool IsRaised { get; set; }

        public void IsHere(FaultReport now, DateTimeOffset at)
        {
            (Report, GoneSince) = (now, null);

            // The clock was set back: what began in the future began now.
            if (Since > at)
            {
                Since = at;
            }

            if (Said > at)
            {
                Said = at;
            }
        }
    }
}
