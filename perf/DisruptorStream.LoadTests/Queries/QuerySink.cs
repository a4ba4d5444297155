using DisruptorStream.Emission;

namespace DisruptorStream.LoadTests.Queries;

/// <summary>What a query does with the windows' results.</summary>
internal abstract class QuerySink : IResultSink<int>
{
    public abstract void OnResults(ResultBatch<int> batch);

    /// <summary>There are no more.</summary>
    public virtual void Finish()
    {
    }
}
