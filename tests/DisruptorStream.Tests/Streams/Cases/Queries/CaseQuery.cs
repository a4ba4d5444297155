using DisruptorStream.Building.Streams;
using DisruptorStream.Streams;
using DisruptorStream.Testing;

namespace DisruptorStream.Tests.Streams.Cases.Queries;

/// <summary>A random query with the type of its keys.</summary>
internal abstract class CaseQuery
{
    protected CaseQuery(QueryShape shape, string name)
    {
        Shape = shape;
        Name = name;
    }

    public QueryShape Shape { get; }

    public string Name { get; }

    /// <summary>What came out of the stream.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The events that were dropped.</summary>
    public List<string> Drops { get; } = [];

    public static CaseQuery Of(QueryShape shape, int number)
    {
        var name = $"query {number}";
        return shape.Key switch
        {
            0 => new CaseQuery<string>(shape, name, query => query.By("text"), one => one.Text!),
            1 => new CaseQuery<int>(shape, name, query => query.By<int>("number"), one => one.Number),
            2 => new CaseQuery<string>(shape, name, query => query.By("letter"), one => one.Letter!),
            3 => new CaseQuery<long>(shape, name, query => query.By<long>("wide"), one => one.Wide),
            4 => new CaseQuery<(string, int)>(
                shape, name, query => query.By<string, int>("text", "number"), one => (one.Text!, one.Number)),
            5 => new CaseQuery<(int, string)>(
                shape, name, query => query.By<int, string>("number", "letter"), one => (one.Number, one.Letter!)),
            6 => new CaseQuery<(string, string, long)>(
                shape,
                name,
                query => query.By<string, string, long>("text", "letter", "wide"),
                one => (one.Text!, one.Letter!, one.Wide)),
            _ => new CaseQuery<(string, int, string, long)>(
                shape,
                name,
                query => query.By<string, int, string, long>("text", "number", "letter", "wide"),
                one => (one.Text!, one.Number, one.Letter!, one.Wide)),
        };
    }

    public abstract StreamStep<Reading> AddTo(StreamEventsStep<Reading> stream, bool processingTime);

    public abstract StreamStep<Reading> AddTo(StreamStep<Reading> stream, bool processingTime);

    public abstract ProcessorStats StatsIn(EventStream<Reading> stream);

    /// <summary>A processor that has the query alone.</summary>
    public abstract Alone NewAlone(StreamCase one, VirtualClock clock);
}
