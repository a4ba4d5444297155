using System.Globalization;
using DisruptorStream.Conformance.Running;
using DisruptorStream.Emission;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Gaps;
using NodaTime;

namespace DisruptorStream.Properties;

/// <summary>
/// A year of trading days in New York, both changes of the clock in it, with gaps filled: what another library of time
/// zones makes of it.
/// </summary>
public sealed class TradingYearTests
{
    private const int MaxEmpty = 4;

    private static readonly string[] Symbols = ["AAA", "BBB", "CCC"];

    private static readonly HashSet<LocalDate> Holidays =
    [
        new(2024, 1, 1), new(2024, 1, 15), new(2024, 2, 19), new(2024, 3, 29), new(2024, 5, 27), new(2024, 6, 19),
        new(2024, 7, 4), new(2024, 9, 2), new(2024, 11, 28), new(2024, 12, 25),
    ];

    private static readonly HashSet<LocalDate> HalfDays = [new(2024, 7, 3), new(2024, 11, 29), new(2024, 12, 24)];

    private static readonly DateTimeZone NewYork = DateTimeZoneProviders.Tzdb["America/New_York"];

    [Theory]
    [InlineData(OutsideHours.InNoWindow, ExecutionMode.Inline, 1)]
    [InlineData(OutsideHours.InNextSession, ExecutionMode.Inline, 1)]
    [InlineData(OutsideHours.InNextSession, ExecutionMode.Staged, 2)]
    public async Task Results_AYearOfTrades_AreThoseOfNodaTime(OutsideHours outside, ExecutionMode mode, int shards)
    {
        var trades = Trades();
        var lines = new Lines();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .TradingSessions(NewYorkCalendar(), outside)
            .FillGaps(MaxEmpty, GapValues.Previous)
            .Aggregate(a => a.Count("trades").Last("close"))
            .WithOptions(new RunSettings(mode, shards).Options)
            .To(lines)
            .Build();
        processor.Start();
        foreach (var (time, symbol, price) in trades)
            processor.Publish(symbol, time.ToDateTimeOffset(), price);
        await processor.StopAsync(StopMode.Complete);

        var expected = Expected(trades, outside);
        Assert.Equal(expected, lines.All);
        Assert.True(expected.Count(line => line.EndsWith("filled", StringComparison.Ordinal)) > 50);
    }

    private static ExchangeCalendar NewYorkCalendar() => new()
    {
        Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        Open = new TimeOnly(9, 30),
        Close = new TimeOnly(16, 0),
        Holidays = [.. Holidays.Select(day => day.ToDateOnly())],
        HalfDays = HalfDays.ToDictionary(day => day.ToDateOnly(), _ => new TimeOnly(13, 0)),
    };

    /// <summary>Every hour or so, now and then not for days, at any time of the day.</summary>
    private static List<(Instant Time, string Symbol, int Price)> Trades()
    {
        var random = new Random(7);
        var trades = new List<(Instant Time, string Symbol, int Price)>();
        var time = Instant.FromUtc(2023, 12, 29, 0, 0);
        while (time < Instant.FromUtc(2025, 1, 6, 0, 0))
        {
            var minutes = random.Next(40) == 0 ? random.Next(9 * 24 * 60) : random.Next(240);
            time += Duration.FromMinutes(minutes);
            trades.Add((time, Symbols[random.Next(Symbols.Length)], trades.Count));
        }

        return trades;
    }

    private static List<string> Expected(List<(Instant Time, string Symbol, int Price)> trades, OutsideHours outside)
    {
        var lines = new List<string>();
        var state = new Dictionary<string, (int InARow, int Close)>(StringComparer.Ordinal);
        var sessions = Sessions(outside);

        // Up to the newest trade, be it outside the hours, and in any case the session that it is in.
        var newest = trades[^1].Time;
        var last = sessions.FindLastIndex(session => session.End <= newest || IsIn(newest, session));
        var keys = trades.Select(trade => trade.Symbol).Distinct().ToList();
        foreach (var session in sessions.Take(last + 1))
        {
            foreach (var symbol in keys)
            {
                var own = trades.FindAll(trade => trade.Symbol == symbol && IsIn(trade.Time, session));
                if (own.Count > 0)
                {
                    state[symbol] = (0, own[^1].Price);
                    lines.Add(Line(symbol, session, own.Count, own[^1].Price, ""));
                }
                else if (state.TryGetValue(symbol, out var known) && known.InARow < MaxEmpty)
                {
                    state[symbol] = (known.InARow + 1, known.Close);
                    lines.Add(Line(symbol, session, 0, known.Close, " filled"));
                }
            }
        }

        return lines;
    }

    private static bool IsIn(Instant time, (Instant Start, Instant End) session) =>
        time >= session.Start && time < session.End;

    private static List<(Instant Start, Instant End)> Sessions(OutsideHours outside)
    {
        var sessions = new List<(Instant Start, Instant End)>();
        for (var day = new LocalDate(2023, 12, 27); day < new LocalDate(2025, 1, 31); day = day.PlusDays(1))
        {
            if (day.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday || Holidays.Contains(day))
                continue;
            var end = InstantOf(day, HalfDays.Contains(day) ? new LocalTime(13, 0) : new LocalTime(16, 0));
            var start = outside == OutsideHours.InNoWindow || sessions.Count == 0
                ? InstantOf(day, new LocalTime(9, 30))
                : sessions[^1].End;
            sessions.Add((start, end));
        }

        return sessions;
    }

    private static Instant InstantOf(LocalDate day, LocalTime time) =>
        day.At(time).InZoneStrictly(NewYork).ToInstant();

    private static string Line(
        string symbol, (Instant Start, Instant End) session, int trades, double close, string mark) =>
        Line(symbol, session.Start.ToDateTimeOffset(), session.End.ToDateTimeOffset(), trades, close, mark);

    private static string Line(
        string symbol, DateTimeOffset start, DateTimeOffset end, long trades, double close, string mark) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{symbol} {start:yyyy-MM-dd HH:mm} {end:MM-dd HH:mm} {trades} {close}{mark}");

    private sealed class Lines : IResultSink<string>
    {
        public List<string> All { get; } = [];

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                All.Add(Line(
                    result.Key,
                    result.WindowStart,
                    result.WindowEnd,
                    result.GetInt64("trades"),
                    result["close"],
                    result.IsFilled ? " filled" : ""));
            }
        }
    }
}
