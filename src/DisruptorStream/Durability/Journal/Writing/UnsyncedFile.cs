using DisruptorStream.Durability.Files;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>The file of a segment that is full, and not durable yet.</summary>
internal readonly record struct UnsyncedFile(long Number, IFile File);
