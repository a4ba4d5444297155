using System.Text.RegularExpressions;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>Each reason to drop an event has its name, and is counted under it and under no other.</summary>
public sealed partial class DropInstrumentTests
{
    private static readonly long Hour = TimeSpan.FromHours(1).Ticks;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddHours(1));

    // A processor has no event without a key: StreamInstrumentTests has those.
    public static TheoryData<DropReason> EveryReason =>
        [.. Enum.GetValues<DropReason>().Where(reason => reason is not (DropReason.None or DropReason.NoKey))];

    [Fact]
    public void Reasons_OfTheInstrument_AreTheNamesOfTheMembersInTheirOrder()
    {
        var members = Enum.GetValues<DropReason>();
        Assert.Equal(Enumerable.Range(0, members.Length), members.Select(reason => (int)reason));
        Assert.Equal(members.Select(NameOf), MeterInstruments.Reasons);
    }

    [Theory]
    [MemberData(nameof(EveryReason))]
    public async Task EventsDropped_TwoForOneReason_AreCountedUnderItsName(DropReason dropped)
    {
        using var reading = new MeterReading();
        await using var processor = Windows(dropped).Aggregate(a => a.Count("count")).WithOptions(Options(dropped))
            .WithTimeProvider(_time).WithMeterFactory(reading).Build();
        DropTwo(processor, dropped);
        reading.Collect();

        foreach (var reason in Enum.GetValues<DropReason>().Where(reason => reason != DropReason.None))
        {
            Assert.Equal(
                [reason == dropped ? 2 : 0],
                reading[$"events.dropped default {NameOf(reason)}"]);
        }

        Assert.Equal([dropped == DropReason.AssignerFailed ? 2 : 0], reading["user.failures default"]);
    }

    private static WindowedStep<string> Windows(DropReason dropped)
    {
        var step = StreamProcessorBuilder.ForKeys<string>();
        return dropped switch
        {
            DropReason.WindowLimit => step.SessionWindows(TimeSpan.FromTicks(5))
                .Watermarks(new() { MaxOutOfOrderness = null }),
            DropReason.SliceLimit => Processors.Tumbling(10).Watermarks(new() { MaxOutOfOrderness = null }),
            DropReason.AssignerFailed => step.CustomWindows(default(Refusing)),
            DropReason.TimestampJump => Processors.Tumbling(10)
                .Watermarks(new() { JumpGuard = new(TimeSpan.FromTicks(100)) { Keys = 2, Events = 3 } }),
            _ => Processors.Tumbling(10),
        };
    }

    private static StreamProcessorOptions Options(DropReason dropped)
    {
        var options = Processors.Options(ExecutionMode.Inline);
        return dropped switch
        {
            DropReason.FutureSkew => options with { FutureSkewLimit = TimeSpan.Zero },
            DropReason.KeyLimit => options with { MaxKeys = 1 },
            DropReason.WindowLimit => options with
            {
                MaxWindowsPerKey = 1,
                WindowOverflow = WindowOverflowPolicy.RejectEvent,
            },
            DropReason.SliceLimit => options with { MaxSlices = 1 },
            _ => options,
        };
    }

    private static void DropTwo(StreamProcessor<string> processor, DropReason dropped)
    {
        using var publisher = processor.CreatePublisher("p");
        switch (dropped)
        {
            case DropReason.Late:
                Publish(publisher, 25, 1, 2);
                break;
            case DropReason.NotFinite:
                publisher.Publish("a", 1, double.NaN);
                publisher.Publish("a", 2, double.PositiveInfinity);
                break;
            case DropReason.FutureSkew:
                Publish(publisher, Hour, Hour + 1, Hour + 2);
                break;
            case DropReason.TimestampOutOfRange:
                Publish(publisher, long.MinValue, long.MaxValue);
                break;
            case DropReason.KeyLimit:
                foreach (var key in (string[])["a", "b", "c"])
                    publisher.Publish(key, 1, 1);
                break;
            case DropReason.WindowLimit:
            case DropReason.SliceLimit:
                Publish(publisher, 1, 21, 41);
                break;
            case DropReason.AfterEnd:
                publisher.Complete();
                using (var late = processor.CreatePublisher("late"))
                    Publish(late, 1, 2);
                break;
            case DropReason.AssignerFailed:
                Publish(publisher, 1, 2);
                break;
            case DropReason.TimestampJump:
                Publish(publisher, 1, 2, 3, 500, 600, 4);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(dropped), dropped, "No test drops for this reason.");
        }
    }

    private static void Publish(KeyedPublisher<string> publisher, params long[] times)
    {
        foreach (var time in times)
            publisher.Publish("a", time, 1);
    }

    private static string NameOf(DropReason reason) =>
        BeforeCapital().Replace(reason.ToString(), "_").ToLowerInvariant();

    [GeneratedRegex("(?<=.)(?=[A-Z])", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BeforeCapital();

    private readonly struct Refusing : IWindowAssigner
    {
        public int MaxWindowsPerEvent => 1;

        public int Assign(long timestampTicks, Span<TimeWindow> windows) => throw new InvalidOperationException();
    }
}
