using DisruptorStream.Building.Streams;
using DisruptorStream.Simulation.Sinks;

namespace DisruptorStream.Simulation.Processors;

/// <summary>The queries of a simulated stream, and what comes out of each.</summary>
internal sealed class SimulatedQueries
{
    private readonly List<SimulatedResults> _results = [];
    private readonly SimulatedShape _shape;

    private readonly SimulatedResults<string> _tenants;
    private readonly SimulatedResults<(string, int)> _pairs;
    private readonly SimulatedResults<int> _levels;
    private readonly SimulatedResults<(string, int)> _best;
    private readonly SimulatedResults<int> _few;
    private readonly SimulatedResults<string> _silences;
    private readonly SimulatedResults<int> _minutes;
    private readonly SimulatedResults<int> _rolled;
    private readonly SimulatedResults<int> _ownTimes;

    /// <param name="shape">What they are.</param>
    public SimulatedQueries(SimulatedShape shape)
    {
        _shape = shape;
        _tenants = New<string>("tenants");
        _pairs = New<(string, int)>("pairs");
        _levels = New<int>("levels");
        _best = New<(string, int)>("best");
        _few = New<int>("few");
        _silences = New<string>("silences");
        _minutes = New<int>("minutes");
        _rolled = New<int>("rolled");
        _ownTimes = New<int>("own times");
    }

    /// <summary>What came out, by query.</summary>
    public IReadOnlyList<SimulatedResults> Results => _results;

    /// <summary>What came out of the query that is always there.</summary>
    public SimulatedResults Tenants => _tenants;

    /// <summary>Adds them to a stream.</summary>
    /// <param name="events">The stream.</param>
    /// <param name="newSink">Makes the durable sink of the query that is always there.</param>
    public StreamStep<SimulatedEvent> AddTo(
        StreamEventsStep<SimulatedEvent> events, Func<SimulatedSink> newSink)
    {
        var step = events.Query("tenants", query => Triggers(_shape.WindowsOf(0, query.By("tenant")))
            .Aggregate(a => a.Count("count").Sum("cost").Last("last", "cost").Percentile("p50", 50, "cost"))
            .To(_tenants).To(newSink()));
        if (_shape.Has(1))
        {
            step = step.Query("pairs", query => Triggers(_shape.WindowsOf(
                1, query.Where(one => one.Cost > -20).By<string, int>("tenant", "user")))
                .Aggregate(a => a.Count("count").Max("cost")).To(_pairs));
        }

        if (_shape.Has(2))
        {
            step = step.Query("levels", query => query.By<int>("user")
                .TumblingWindows(50 * _shape.Unit, 200 * _shape.Unit)
                .Aggregate(a => a.Count("count").Count("costly", where: one => one.Cost > 10).Sum("cost"))
                .To(_levels));
        }

        if (_shape.Has(SimulatedShape.Best))
        {
            step = step.Query("best", query => query.By<string, int>("tenant", "user")
                .TumblingWindows(30 * _shape.Unit)
                .Aggregate(a => a.Sum("cost").Count("count")).Top(2, by: "count", within: "tenant").To(_best));
        }

        if (_shape.Has(4))
        {
            step = step.Query("few", query => _shape.WindowsOf(4, query.By<int>("user"))
                .AllowedLateness(20 * _shape.Unit)
                .Aggregate(a => a.Count("count").Distinct("costs", "cost")).Having("count > 3").To(_few));
        }

        if (_shape.Has(5))
        {
            step = step.Query("silences", query => query.By("tenant")
                .Silence(40 * _shape.Unit, 160 * _shape.Unit).AllowedLateness(TimeSpan.Zero)
                .Aggregate(a => a.Count("count")).To(_silences));
        }

        if (_shape.HasKeyTimes)
        {
            step = step.Query("own times", query => query.By<int>("user").TumblingWindows(40 * _shape.Unit)
                .WatermarksPerKey(5 * _shape.Unit, 80 * _shape.Unit)
                .Aggregate(a => a.Count("count").Sum("cost")).To(_ownTimes));
        }

        return _shape.Has(6) ? AddPanes(step) : step;
    }

    /// <summary>Adds a query, and one that reads its panes.</summary>
    private StreamStep<SimulatedEvent> AddPanes(StreamStep<SimulatedEvent> step)
    {
        step = step.Query("minutes", query => query.By<int>("user")
            .TumblingWindows(20 * _shape.Unit).AllowedLateness(20 * _shape.Unit)
            .Aggregate(a => a.Sum("cost").Count("count")).To(_minutes));
        if (!_shape.HasEarlier)
        {
            return step.Query("rolled", query => _shape.WindowsOf(
                SimulatedShape.Rolled, query.From("minutes", includeLate: _shape.IncludesLate).By<int>("user"))
                .Aggregate(a => a.Sum("cost").Max("count")).To(_rolled));
        }

        return step.Query("rolled", query => query.From("minutes").By<int>("user")
            .WithEarlier(100 * _shape.Unit)
            .Aggregate(a => a.Last("cost").Previous("before", "cost").EarlierAverage("usual", "cost"))
            .Having("cost > usual").To(_rolled));
    }

    private QueryWindowedStep<SimulatedEvent, TKey> Triggers<TKey>(QueryWindowedStep<SimulatedEvent, TKey> step)
        where TKey : notnull => _shape.Triggers<QueryWindowedStep<SimulatedEvent, TKey>, TKey>(step);

    private SimulatedResults<TKey> New<TKey>(string name)
        where TKey : notnull
    {
        var results = new SimulatedResults<TKey>(name);
        _results.Add(results);
        return results;
    }
}
