using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;

namespace DisruptorStream.Building.Streams;

/// <summary>Has streams read sources by themselves.</summary>
public static class StreamSources
{
    /// <inheritdoc cref="BuildStep{TEvent, TKey}.ReadFrom(string, ISeekableSource{TEvent}, SourceOptions?)"/>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <param name="step">The stream.</param>
    /// <param name="name">Its name among the sources; by it the position is found again.</param>
    /// <param name="source">What is read, once for each run of the stream.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static StreamStep<TEvent> ReadFrom<TEvent>(
        this StreamStep<TEvent> step, string name, ISeekableSource<TEvent> source, SourceOptions? options = null) =>
        With(step, SourceRegistration<TEvent>.Of(name, source, options));

    /// <inheritdoc cref="BuildStep{TEvent, TKey}.ReadFrom(string, IAcknowledgedSource{TEvent}, SourceOptions?)"/>
    /// <typeparam name="TEvent">The type of the events.</typeparam>
    /// <param name="step">The stream.</param>
    /// <param name="name">Its name among the sources.</param>
    /// <param name="source">What is read, once for each run of the stream.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static StreamStep<TEvent> ReadFrom<TEvent>(
        this StreamStep<TEvent> step, string name, IAcknowledgedSource<TEvent> source, SourceOptions? options = null) =>
        With(step, SourceRegistration<TEvent>.Of(name, source, options));

    private static StreamStep<TEvent> With<TEvent>(StreamStep<TEvent> step, SourceRegistration<TEvent> added)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new(step.Definition with { Sources = SourceRegistration<TEvent>.Add(step.Definition.Sources, added) });
    }
}
