using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Pairs;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// How fast events go through with a journal, beside the same processor without one, and beside a probe that writes the
/// same bytes with the same syncs; in turns.
/// </summary>
internal sealed record RateCheck(DurabilityMode Mode, double LeastOfPlain, double LeastOfProbe)
{
    private const int WarmUps = 2;

    /// <summary>A few buffers of the runtime's own threads; per event it is nothing.</summary>
    private const long NoiseBytes = 1_000_000;

    public void Run(Checklist checks, string directory, int events, int rounds)
    {
        using var scratch = new ScratchDirectory(directory);
        using var probe = new DiskProbe(scratch.Path);
        var load = new JournalLoad(events);
        var (plains, durables) = (new List<Lap>(), new List<JournalLap>());
        var (ofPlain, ofProbe, ofLimit) = (new List<double>(), new List<double>(), new List<double>());
        var probes = new List<double>();
        for (var round = -WarmUps; round < rounds; round++)
        {
            var plain = load.Run(durable: null).Lap;
            var durable = Measure(load, scratch);
            var probed = events / probe.Run(durable.Disk).TotalSeconds / 1e6;
            if (round < 0)
                continue;
            plains.Add(plain);
            durables.Add(durable);
            probes.Add(probed);
            var rate = durable.Lap.MillionPerSecond;
            ofPlain.Add(rate / plain.MillionPerSecond);
            ofProbe.Add(rate / probed);
            ofLimit.Add(rate / Math.Min(LeastOfPlain * plain.MillionPerSecond, LeastOfProbe * probed));
        }

        Describe(plains, durables, probes);
        var (byPlain, byProbe, byLimit) =
            (MedianInterval.Of(ofPlain), MedianInterval.Of(ofProbe), MedianInterval.Of(ofLimit));
        checks.Check(
            $"{Mode}: rate",
            byLimit.Median >= 1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{byPlain.Median:F3} ({byPlain.Low:F3} to {byPlain.High:F3}) of that without, "
                + $"{byProbe.Median:F3} ({byProbe.Low:F3} to {byProbe.High:F3}) of the probe's; "
                + $"{byLimit.Median:F3} ({byLimit.Low:F3} to {byLimit.High:F3}) of the lower one of "
                + $"{LeastOfPlain} and {LeastOfProbe} of these, at least 1"));
        CheckAllocation(checks, events, durables);
        CheckResults(checks, plains, durables);
    }

    private JournalLap Measure(JournalLoad load, ScratchDirectory scratch)
    {
        using var inner = scratch.Inner();
        var options = new DurabilityOptions { Mode = Mode };
        return load.Run(new DurableSettings(inner.Path, options) { Files = new CountedFiles() });
    }

    private void Describe(List<Lap> plains, List<JournalLap> durables, List<double> probes)
    {
        Describe("without", plains.ConvertAll(lap => lap.MillionPerSecond), "");
        var disk = durables[durables.Count / 2].Disk;
        var events = durables[0].Lap.Events;
        Describe(
            "durable",
            durables.ConvertAll(lap => lap.Lap.MillionPerSecond),
            string.Create(
                CultureInfo.InvariantCulture,
                $"; {disk.Bytes / (double)events:F1} B/event, {disk.Writes:N0} writes, {disk.Syncs:N0} syncs, "
                + $"{disk.SpareBytes >> 20:N0} MiB of files made ahead"));
        var rate = MedianInterval.MedianOf(probes) * disk.Bytes / events;
        Describe("probe", probes, string.Create(CultureInfo.InvariantCulture, $"; {rate:N0} MB/s"));
    }

    private void Describe(string what, List<double> rates, string more)
    {
        var interval = MedianInterval.Of(rates);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"        {Mode} {what,-8} {interval.Median,7:F1} M events/s "
            + $"({interval.Low:F1} to {interval.High:F1}){more}"));
    }

    private void CheckAllocation(Checklist checks, int events, List<JournalLap> durables)
    {
        var bytes = durables.Max(lap => lap.Lap.AllocatedBytes);
        checks.Check(
            $"{Mode}: allocation",
            bytes < Math.Min(NoiseBytes, events / 100),
            string.Create(
                CultureInfo.InvariantCulture,
                $"at most {bytes:N0} bytes in a lap, {(double)bytes / events:F5} per event"));
    }

    private void CheckResults(Checklist checks, List<Lap> plains, List<JournalLap> durables)
    {
        var (results, digest) = (plains[0].Results, plains[0].Digest);
        var agree = plains.TrueForAll(lap => (lap.Results, lap.Digest) == (results, digest))
            && durables.TrueForAll(lap => (lap.Lap.Results, lap.Lap.Digest) == (results, digest));
        checks.Check(
            $"{Mode}: results", agree, string.Create(
                CultureInfo.InvariantCulture,
                $"{results:N0} {(agree ? "from all, the same" : "or others: they differ")}"));
    }
}
