/** A name that would do harm wherever it is taken for markup. */
export const hostile = `"><img src=x onerror=alert(1)><script>alert('x')</script>`;
