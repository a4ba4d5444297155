namespace DisruptorStream.Sources.Files;

/// <summary>Makes an event of a record.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <param name="record">
/// The bytes of the record: of a line without its end. They are the parser's until it returns.
/// </param>
/// <param name="parsed">The event.</param>
/// <returns>False where the record is none, and none is missing: a header, an empty line, a comment.</returns>
/// <remarks>
/// The same bytes must give the same answer, always. What it throws says that the record is bad: what becomes of the
/// source then is <see cref="SourceOptions.OnBadRecord"/>.
/// </remarks>
public delegate bool RecordParser<TEvent>(ReadOnlySpan<byte> record, out TEvent parsed);
