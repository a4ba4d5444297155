using System.Globalization;
using System.Text.Json.Serialization;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>What a workload's contestants did.</summary>
internal sealed record ThroughputReport
{
    public required string Work { get; init; }

    public required string Description { get; init; }

    public required long Events { get; init; }

    public required int Runs { get; init; }

    /// <summary>Of a cache line between two threads, in this run.</summary>
    public required double RoundTripNanoseconds { get; init; }

    public required IReadOnlyList<Row> Rows { get; init; }

    /// <summary>Whether all have the same results; percentiles: whether each is within its promise.</summary>
    public required bool ResultsAgree { get; init; }

    /// <summary>The workload that ran in the same turns, whose rate this one's is a share of.</summary>
    public string? Beside { get; init; }

    /// <summary>The share that should be reached, where there is a goal.</summary>
    public double? BesideGoal { get; init; }

    /// <summary>The shares in words, where there are any.</summary>
    [JsonIgnore]
    public string? BesideText
    {
        get
        {
            if (Beside is null)
                return null;
            var shares = Rows.Where(row => row.OfBeside is not null).Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Name} {row.OfBeside:F2} of {row.BesideMillionPerSecond:F1} M/s"));
            var goal = BesideGoal is { } least
                ? string.Create(CultureInfo.InvariantCulture, $"; the goal is {least:F2}")
                : "";
            return $"beside {Beside} in the same turns: {string.Join(", ", shares)}{goal}";
        }
    }

    public static ThroughputReport Of(
        Workload work, IReadOnlyList<Contestant> contestants, double roundTrip, long compared, long outside)
    {
        var first = contestants[0].Laps[0];
        var same = contestants.All(one => one.Laps.All(lap => lap.Results == first.Results
            && (work.IsApproximate || lap.Digest == first.Digest)));
        var agree = same && outside == 0 && (!work.IsApproximate || compared == first.Results);
        return Of(work.Name, work.Description, contestants, roundTrip, agree);
    }

    public static ThroughputReport Of(
        string work, string description, IReadOnlyList<Contestant> contestants, double roundTrip, bool resultsAgree)
    {
        var best = contestants.Where(one => one.IsLimit).Max(one => one.MedianMillionPerSecond);
        var rows = contestants.Select(one => new Row
        {
            Name = one.Name,
            IsLimit = one.IsLimit,
            MillionPerSecond = one.MedianMillionPerSecond,
            Slowest = one.Laps.Min(lap => lap.MillionPerSecond),
            Fastest = one.Laps.Max(lap => lap.MillionPerSecond),
            OfBestLimit = one.MedianMillionPerSecond / best,
            BytesPerEvent = one.BytesPerEvent,
            Collections = one.Collections,
            Results = one.Laps[0].Results,
            Digest = one.Laps[0].Digest.ToString("X16", CultureInfo.InvariantCulture),
        }).ToArray();
        return new ThroughputReport
        {
            Work = work,
            Description = description,
            Events = contestants[0].Laps[0].Events,
            Runs = contestants[0].Laps.Count,
            RoundTripNanoseconds = roundTrip,
            Rows = rows,
            ResultsAgree = resultsAgree,
        };
    }

    /// <summary>With the rates of the workload that ran in the same turns, mode by mode.</summary>
    public ThroughputReport WithBeside(Workload work, IReadOnlyList<Contestant> beside, bool resultsAgree) => this with
    {
        Beside = work.Beside,
        BesideGoal = work.BesideGoal,
        ResultsAgree = ResultsAgree && resultsAgree,
        Rows =
        [
            .. Rows.Select(row => beside.FirstOrDefault(one => !row.IsLimit && one.Name == row.Name) is { } other
                ? row with
                {
                    BesideMillionPerSecond = other.MedianMillionPerSecond,
                    OfBeside = row.MillionPerSecond / other.MedianMillionPerSecond,
                }
                : row),
        ],
    };

    /// <summary>The figure of an execution mode, as a share of the best loop.</summary>
    public double RatioOf(ExecutionMode mode) => Rows.First(row => row.Name == mode.ToString()).OfBestLimit;

    internal sealed record Row
    {
        public required string Name { get; init; }

        public required bool IsLimit { get; init; }

        /// <summary>Median.</summary>
        public required double MillionPerSecond { get; init; }

        public required double Slowest { get; init; }

        public required double Fastest { get; init; }

        public required double OfBestLimit { get; init; }

        /// <summary>The rate as a share of that of the workload beside it, in the same mode.</summary>
        public double? OfBeside { get; init; }

        public double? BesideMillionPerSecond { get; init; }

        public required double BytesPerEvent { get; init; }

        public required int Collections { get; init; }

        public required long Results { get; init; }

        public required string Digest { get; init; }
    }
}
