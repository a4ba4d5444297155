using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>How windows without events are filled.</summary>
/// <param name="With">null, zero or previous.</param>
/// <param name="MaxEmpty">How many in a row.</param>
internal sealed record FillShape(string With, int MaxEmpty)
{
    public static FillShape Read(JsonElement element) => new(
        element.OptionalString("with") ?? "null", (int)element.GetProperty("max_empty").ToInt64());
}
