using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Health;

/// <summary>Checks every threshold; the code is generated from their attributes.</summary>
[OptionsValidator]
internal sealed partial class ProcessorHealthOptionsValidator : IValidateOptions<ProcessorHealthOptions>
{
}
