namespace DisruptorStream.Nats.Sources;

/// <summary>Makes events of a message.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <param name="message">The message.</param>
/// <param name="events">Takes the events: none, one or several. It is empty.</param>
/// <remarks>
/// The same message must give the same events in the same order, always. What it throws says that the message is bad,
/// as a whole: what becomes of the source then is <see cref="DisruptorStream.Sources.SourceOptions.OnBadRecord"/>.
/// </remarks>
public delegate void NatsMessageParser<TEvent>(in NatsMessage message, ICollection<TEvent> events);
