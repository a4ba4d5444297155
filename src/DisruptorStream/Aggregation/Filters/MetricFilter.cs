using DisruptorStream.Identities;

namespace DisruptorStream.Aggregation.Filters;

/// <summary>Which events a metric takes.</summary>
/// <param name="Number">The bit of the filter in the events' word of filters.</param>
/// <param name="Text">How the user wrote it.</param>
internal sealed record MetricFilter(int Number, string Text)
{
    /// <summary>Writes what saved state depends on. The place of the bit is no part of that.</summary>
    public void Identify(IdentityWriter writer) => writer.Add(Text);
}
