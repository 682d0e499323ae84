using System.Collections;

namespace FhirFacade.Hl7v2.Parsing;

/// <summary>The repetitions of a field in order. Enumerating it with foreach allocates nothing.</summary>
public readonly struct Hl7Repetitions : IEnumerable<Hl7Element>
{
    private readonly Hl7Element _field;

    internal Hl7Repetitions(Hl7Element field) => _field = field;

    /// <summary>Starts at the first.</summary>
    public Enumerator GetEnumerator() => new(_field);

    IEnumerator<Hl7Element> IEnumerable<Hl7Element>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Walks the repetitions.</summary>
    public struct Enumerator : IEnumerator<Hl7Element>
    {
        private readonly Hl7Element _field;
        private int _offset;
        private int _number;

        internal Enumerator(Hl7Element field) => _field = field;

        /// <inheritdoc/>
        public Hl7Element Current { readonly get; private set; }

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            // The offset is one behind the end once the last repetition has been taken.
            if (_field.Length == 0 || _offset > _field.Length)
            {
                return false;
            }

            Current = _field.TakeRepetition(ref _offset, ++_number);
            return true;
        }

        /// <inheritdoc/>
        public void Reset() => (_offset, _number) = (0, 0);

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
